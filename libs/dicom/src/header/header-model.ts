import { type DataElement, type DataSet, type DicomFile } from '../dataset.js';
import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { HeaderScope } from './header-scope.js';
import { headerValue, type InlineLimits } from './header-value.js';
import { type HeaderElement, type HeaderModel, isTextVr } from './model.js';

const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const DEFAULT_LIMITS: InlineLimits = { text: 64 * 1024, bytes: 1024 };

/** What turning a file into its header model depends on. */
export interface HeaderContext {
  readonly dictionary: DicomDictionary;
  /** The encoding of text without SpecificCharacterSet, by its name in Orthanc's option DefaultEncoding. */
  readonly defaultEncoding: string;
  /** Sizes up to which values are kept in the model; default 64 K characters and 1 KB. */
  readonly limits?: InlineLimits;
}

/** Turns elements into those of the model, for one file. */
class HeaderWriter {
  private readonly limits: InlineLimits;

  constructor(
    private readonly context: HeaderContext,
    private readonly implicit: boolean,
  ) {
    this.limits = context.limits ?? DEFAULT_LIMITS;
  }

  /** Recursion is bounded by the depth that the tokenizer accepts. */
  dataset(dataset: DataSet, elements = dataset.elements): HeaderElement[] {
    const scope = new HeaderScope(dataset, this.context.dictionary);
    return elements.map((element) => this.element(element, scope));
  }

  private element(element: DataElement, scope: HeaderScope): HeaderElement {
    const { tag, items } = element;
    if (items || element.vr === 'SQ') return [tag, 'SQ', (items ?? []).map((item) => this.dataset(item))];
    if (element.vr === 'UN') return [tag, 'UN', this.value(element, this.readableVr(element, scope), scope)];
    const vr = this.implicit ? scope.representation(element) : element.vr;
    return [tag, vr, this.value(element, vr.toUpperCase(), scope)];
  }

  private value(element: DataElement, vr: string, { dataset }: HeaderScope): HeaderElement[2] {
    return headerValue(element, vr, dataset, this.limits, this.context.defaultEncoding);
  }

  /** UN of a string known to the dictionaries is read as that string; all other UN stays bytes. */
  private readableVr(element: DataElement, scope: HeaderScope): string {
    const vr = element.length > 0 ? scope.entryOf(element)?.vr : undefined;
    return vr !== undefined && isTextVr(vr) ? vr : 'UN';
  }
}

function pixelDataElement({ tag, vr, valueOffset, length, fragments, undefinedLength }: DataElement): HeaderElement {
  if (!undefinedLength) return [tag, vr, { o: valueOffset, n: length }];
  const last = fragments?.at(-1);
  return [tag, vr, { o: valueOffset, n: last ? last.offset + last.length - valueOffset : 0, e: 1 }];
}

/** The header model of a tokenized file: pure, and quick (PS3.10 section 7, PS3.5 section 7). */
export function headerModel(file: DicomFile, context: HeaderContext): HeaderModel {
  const writer = new HeaderWriter(context, file.transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN);
  const header = writer.dataset(file.dataset);
  const pixelData = file.pixelData ? [pixelDataElement(file.pixelData)] : [];
  const trailing = file.trailing.length > 0 ? writer.dataset(file.dataset, file.trailing) : [];
  return {
    version: 1,
    syntax: file.transferSyntaxUid,
    meta: new HeaderWriter(context, false).dataset(file.meta),
    dataset: pixelData.length + trailing.length > 0 ? header.concat(pixelData, trailing) : header,
  };
}
