import { type ByteSource } from './byte-source.js';
import { type ElementHeader, ITEM, readHeader, SEQUENCE_DELIMITER, UNDEFINED_LENGTH } from './element-header.js';
import { type Fragment } from './elements.js';
import { DicomFormatError } from './errors.js';

/** Fragments and where the element ends. */
export interface FragmentList {
  readonly fragments: readonly Fragment[];
  /** After the last fragment, before the delimiter. */
  readonly contentEnd: number;
  /** After the delimiter. */
  readonly end: number;
}

/**
 * The fragments of encapsulated pixel data whose first item starts at `start` (PS3.5 annex A.4). A file that ends
 * before the first fragment with any content is taken as one without fragments, as DCMTK does.
 */
export function readFragments(source: ByteSource, start: number, limit: number, littleEndian: boolean): FragmentList {
  const header: ElementHeader = { tag: 0, vr: '', length: 0, valueOffset: 0 };
  const fragments: Fragment[] = [];
  let at = start;
  let content = 0;
  for (;;) {
    if (content === 0 && fragments.length < 2 && at === source.totalLength)
      return { fragments, contentEnd: at, end: at };
    readHeader(source, at, limit, { explicit: false, littleEndian }, header);
    const { tag, length, valueOffset } = header;
    if (tag === SEQUENCE_DELIMITER) return { fragments, contentEnd: at, end: valueOffset };
    if (tag !== ITEM || length === UNDEFINED_LENGTH) {
      throw new DicomFormatError('structure', 'Encapsulated pixel data has something else than fragments');
    }
    source.spend();
    source.require(valueOffset + length, limit);
    fragments.push({ offset: valueOffset, length });
    content += length;
    at = valueOffset + length;
  }
}
