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
  numericValues,
} from '../header/model.js';
import { privateCreatorsOf } from '../header/private-creators.js';
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

/** Group lengths are not written (PS3.18 section F.2.2), and the groups 0000 and 0002 are no part of a data set. */
function isWritten(tag: Tag): boolean {
  return (tag & 0xffff) !== 0;
}

/** An array as JSON, in which zero keeps its sign. */
function arrayText(values: readonly JsonTextValue[]): string {
  return `[${values.map((value) => (Object.is(value, -0) ? '-0' : JSON.stringify(value))).join(',')}]`;
}

/** UN that was read as text, because a dictionary knows it, carries that representation. */
function writtenVr([tag, vr, value]: HeaderElement, creator: string | undefined, dictionary: DicomDictionary): string {
  if (vr === 'UN' && typeof value === 'string') return dictionary.vrOf(tag, creator) ?? vr;
  return vr.toUpperCase();
}

function numbers(vr: string, values: readonly (number | string)[]): readonly (number | string)[] {
  if (vr === 'AT') return values.map((tag) => tagHex(Number(tag)).toUpperCase());
  if (vr !== 'SV' && vr !== 'UV') return values.map((value) => (value === '-0' ? -0 : value));
  return values.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
}

function content(element: HeaderElement, vr: string, options: DicomJsonOptions, path: ElementPath): string {
  const [, , value] = element;
  const items = itemsOf(element);
  if (items) return items.length === 0 ? '' : `,"Value":[${itemTexts(items, options, path)}]`;
  if (value === null || value === '') return '';
  if (typeof value === 'string') return `,"Value":${arrayText(textValues(vr, value))}`;
  const values = numericValues(element);
  if (values) return values.length === 0 ? '' : `,"Value":${arrayText(numbers(vr, values))}`;
  if (isInlineBytes(value)) {
    const { b } = value;
    return `,${JSON.stringify(options.inline?.(b, path, vr) ?? { InlineBinary: b }).slice(1, -1)}`;
  }
  const bulk = isByteRange(value) ? options.bulk?.(value, path, vr) : undefined;
  return bulk ? `,${JSON.stringify(bulk).slice(1, -1)}` : '';
}

function itemTexts(items: readonly HeaderDataSet[], options: DicomJsonOptions, path: ElementPath): string {
  return items.map((item, index) => dataSetText(item, options, [...path, index])).join(',');
}

function dataSetText(dataset: HeaderDataSet, options: DicomJsonOptions, path: ElementPath): string {
  const creatorOf = privateCreatorsOf(dataset);
  const members: string[] = [];
  for (const element of dataset) {
    const [tag] = element;
    if (!isWritten(tag)) continue;
    const vr = writtenVr(element, creatorOf(tag), options.dictionary);
    members.push(`"${tagHex(tag).toUpperCase()}":{"vr":"${vr}"${content(element, vr, options, [...path, tag])}}`);
  }
  return `{${members.join(',')}}`;
}

/**
 * A data set in the DICOM JSON model (PS3.18 annex F), as text: attributes stay in ascending order, which an object
 * with keys such as `60003000` would not keep. Numbers that JSON lacks (NaN, infinities) are written as strings.
 */
export function dicomJson(dataset: HeaderDataSet, options: DicomJsonOptions): string {
  return dataSetText(dataset, options, []);
}
