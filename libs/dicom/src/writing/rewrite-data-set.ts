import { type DataElement, type DataSet, type Tag } from '../dataset.js';
import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { HeaderScope } from '../header/header-scope.js';
import { type ElementEncoding } from '../tokenizer/transfer-syntax.js';
import { encodeElement, encodeSequence } from './encode-element.js';

/** Where elements come from, and how they are to be written. */
export interface Rewriting {
  /** The bytes in which their offsets count. */
  readonly source: Buffer;
  readonly from: ElementEncoding;
  readonly to: ElementEncoding;
  readonly dictionary: DicomDictionary;
}

/** Length of the delimiter behind a sequence of undefined length. */
const DELIMITER = 8;

/** Group lengths are retired (PS3.5 section 7.2), and wrong as soon as anything of the group changes. */
export function isGroupLength(tag: Tag): boolean {
  return (tag & 0xffff) === 0;
}

function sameEncoding({ from, to }: Rewriting): boolean {
  return from.explicit === to.explicit && from.littleEndian === to.littleEndian;
}

/**
 * Writes an element of a data set, byte by byte as it is where the encoding stays. Else the representation is what the
 * header model says, and sequences get explicit lengths (PS3.5 section 7). Recursion is bounded by the depth that the
 * tokenizer accepts.
 */
export function rewriteElement(element: DataElement, scope: HeaderScope, rewriting: Rewriting): Buffer {
  const { source, from, to } = rewriting;
  const { tag, items } = element;
  if (sameEncoding(rewriting)) {
    const end = element.valueOffset + element.length + (element.undefinedLength ? DELIMITER : 0);
    return source.subarray(element.offset, end);
  }
  if (items || element.vr === 'SQ') {
    // the items of UN are implicit little endian, whatever the data set is (PS3.5 section 6.2.2)
    const inner = element.vr === 'SQ' ? rewriting : { ...rewriting, from: { explicit: false, littleEndian: true } };
    return encodeSequence(
      tag,
      (items ?? []).map((item) => rewriteItem(item, inner)),
      to,
    );
  }
  const vr = from.explicit ? element.vr : scope.representation(element).toUpperCase();
  return encodeElement(tag, vr, element.bytes ?? Buffer.alloc(0), from.littleEndian, to);
}

function rewriteItem(item: DataSet, rewriting: Rewriting): Buffer {
  const scope = new HeaderScope(item, rewriting.dictionary);
  const elements = item.elements.filter(({ tag }) => !isGroupLength(tag));
  return Buffer.concat(elements.map((element) => rewriteElement(element, scope, rewriting)));
}
