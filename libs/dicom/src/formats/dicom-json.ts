import { type Tag } from '../dataset.js';
import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { tagHex } from '../dictionary/tag-text.js';
import {
  type ByteRange,
  type HeaderDataSet,
  type HeaderElement,
  isByteRange,
  isInlineBytes,
  itemsOf,
} from '../header/model.js';
import { type CreatorLookup, privateCreatorsOf } from '../header/private-creators.js';
import { type JsonTextValue, textValues } from './dicom-json-text.js';

/** Where an element stands: tags and item numbers from 0, e.g. `[0x00400275, 0, 0x00400007]`. */
export type ElementPath = readonly number[];

/** What stands in place of a value (PS3.18 section F.2.2). */
export type BulkValue = { readonly InlineBinary: string } | { readonly BulkDataURI: string } | undefined;

/** How a data set is written. */
export interface DicomJsonOptions {
  readonly dictionary: DicomDictionary;
  /** Decides about values left in the file; `undefined` leaves the value out. Default: always left out. */
  readonly bulk?: (range: ByteRange, path: ElementPath, vr: string) => BulkValue;
  /** May give a reference for bytes kept in the header, too; `undefined`, the default, writes them inline. */
  readonly inline?: (base64: string, path: ElementPath, vr: string) => BulkValue;
}

/** A value that is written the same wherever it stands. */
type PlainValue = string | null | readonly (number | string)[];

interface WrittenElement {
  readonly vr: string;
  readonly value: PlainValue;
  readonly text: string;
}

/** So many elements are remembered at most, and no longer ones. */
const REMEMBERED = 10_000;
const WORTH_REMEMBERING = 2048;

/**
 * Writes data sets in the DICOM JSON model (PS3.18 annex F), as text: attributes stay in ascending order, which an object
 * with keys such as `60003000` would not keep. Numbers that JSON lacks (NaN, infinities) are written as strings, and
 * decimal strings as they stand, so that no digit is lost. One writer is for data sets that have much in common, as those of a series: what an
 * element was written as last is taken again where the next one is the same.
 */
export class DicomJsonWriter {
  private readonly last = new Map<Tag, WrittenElement>();

  constructor(private readonly options: DicomJsonOptions) {}

  write(dataset: HeaderDataSet): string {
    return this.dataSet(dataset, []);
  }

  private dataSet(dataset: HeaderDataSet, path: ElementPath): string {
    let creators: CreatorLookup | undefined;
    const creatorOf: CreatorLookup = (tag) => (creators ??= privateCreatorsOf(dataset))(tag);
    let members = '';
    for (const element of dataset) {
      // group lengths are not written (PS3.18 section F.2.2)
      if ((element[0] & 0xffff) === 0) continue;
      if (members !== '') members += ',';
      members += this.member(element, path, creatorOf);
    }
    return `{${members}}`;
  }

  private member(element: HeaderElement, path: ElementPath, creatorOf: CreatorLookup): string {
    const [tag, vr, value] = element;
    if (vr === 'SQ') return `${opening(tag, vr)}${this.items(element, path)}}`;
    if (!isPlain(value)) {
      // encapsulated pixel data are bytes whatever their file says (PS3.5 section A.4)
      const written = isByteRange(value) && value.e === 1 ? 'OB' : vr;
      return `${opening(tag, written)}${this.bytes(value, [...path, tag], written.toUpperCase())}}`;
    }
    // UN that was read as text, because a dictionary knows it, carries that representation
    if (vr === 'UN' && typeof value === 'string') {
      const known = this.options.dictionary.vrOf(tag, creatorOf(tag)) ?? vr;
      return `${opening(tag, known)}${plain(known, value)}}`;
    }
    const last = this.last.get(tag);
    if (last?.vr === vr && isSame(last.value, value)) return last.text;
    const text = `${opening(tag, vr)}${plain(vr.toUpperCase(), value)}}`;
    if (text.length <= WORTH_REMEMBERING && (last || this.last.size < REMEMBERED))
      this.last.set(tag, { vr, value, text });
    return text;
  }

  private items(element: HeaderElement, path: ElementPath): string {
    const items = itemsOf(element)!;
    if (items.length === 0) return '';
    return `,"Value":[${items.map((item, index) => this.dataSet(item, [...path, element[0], index])).join(',')}]`;
  }

  private bytes(value: Exclude<HeaderElement[2], PlainValue>, path: ElementPath, vr: string): string {
    const { bulk, inline } = this.options;
    if (isInlineBytes(value)) {
      return `,${JSON.stringify(inline?.(value.b, path, vr) ?? { InlineBinary: value.b }).slice(1, -1)}`;
    }
    const given = isByteRange(value) ? bulk?.(value, path, vr) : undefined;
    return given ? `,${JSON.stringify(given).slice(1, -1)}` : '';
  }
}

/** One data set, as {@link DicomJsonWriter} writes it. */
export function dicomJson(dataset: HeaderDataSet, options: DicomJsonOptions): string {
  return new DicomJsonWriter(options).write(dataset);
}

function opening(tag: Tag, vr: string): string {
  return `"${tagHex(tag).toUpperCase()}":{"vr":"${vr.toUpperCase()}"`;
}

/** Of all elements but sequences. */
function isPlain(value: HeaderElement[2]): value is PlainValue {
  return typeof value !== 'object' || value === null || Array.isArray(value);
}

function isSame(a: PlainValue, b: PlainValue): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a.length !== b.length) return false;
  return a.every((each, index) => each === b[index]);
}

function plain(vr: string, value: PlainValue): string {
  if (value === null || value.length === 0) return '';
  return `,"Value":${arrayText(typeof value === 'string' ? textValues(vr, value) : numbers(vr, value))}`;
}

/** An array as JSON, in which zero keeps its sign. */
function arrayText(values: readonly JsonTextValue[]): string {
  return `[${values.map((value) => (Object.is(value, -0) ? '-0' : JSON.stringify(value))).join(',')}]`;
}

function numbers(vr: string, values: readonly (number | string)[]): readonly (number | string)[] {
  if (vr === 'AT') return values.map((tag) => tagHex(Number(tag)).toUpperCase());
  if (vr !== 'SV' && vr !== 'UV') return values.map((value) => (value === '-0' ? -0 : value));
  return values.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
}
