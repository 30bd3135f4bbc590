import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { isPrivate, tagHex } from '../dictionary/tag-text.js';
import { type HeaderDataSet, type HeaderElement, itemsOf, numericValues } from '../header/model.js';
import { decimalNumber, textValues } from './dicom-json-text.js';

/** A value, several of them, or the items of a sequence. */
export type NaturalizedValue = string | number | null | readonly (string | number | null)[] | readonly Naturalized[];

/** A data set by the keywords of its attributes (PS3.6), as viewers in JavaScript use it. */
export interface Naturalized {
  readonly [keyword: string]: NaturalizedValue;
}

/** Group lengths and private attributes have no keyword of the standard. */
function keywordOf([tag]: HeaderElement, dictionary: DicomDictionary): string | undefined {
  if (isPrivate(tag) || (tag & 0xffff) === 0) return undefined;
  return dictionary.knownNameOf(tag);
}

function valueOf(element: HeaderElement, dictionary: DicomDictionary): NaturalizedValue | undefined {
  const [, vr, value] = element;
  const items = itemsOf(element);
  if (items) return items.length === 0 ? undefined : items.map((item) => naturalized(item, dictionary));
  if (typeof value === 'string') return value === '' ? undefined : single(textsOf(vr.toUpperCase(), value));
  const numbers = numericValues(element);
  if (!numbers || numbers.length === 0) return undefined;
  return single(vr.toUpperCase() === 'AT' ? numbers.map((tag) => tagHex(Number(tag)).toUpperCase()) : numbers);
}

function textsOf(vr: string, text: string): readonly (string | number | null)[] {
  // names stay as they are in the file, all their component groups in one text
  if (vr === 'PN') return text.split('\\').map((name) => name.trimEnd());
  const values = textValues(vr, text) as readonly (string | number | null)[];
  return vr === 'DS' ? values.map((value) => (typeof value === 'string' ? decimalNumber(value) : value)) : values;
}

function single<T>(values: readonly T[]): T | readonly T[] {
  return values.length === 1 ? values[0]! : values;
}

/**
 * A data set with keywords for tags: one value as it is, several as a list, sequences as lists of items; decimal and
 * integer strings as numbers, person names as texts. Without what is empty, private, unknown to the dictionary, or bytes.
 */
export function naturalized(dataset: HeaderDataSet, dictionary: DicomDictionary): Naturalized {
  const entries: [string, NaturalizedValue][] = [];
  for (const element of dataset) {
    const keyword = keywordOf(element, dictionary);
    const value = keyword === undefined ? undefined : valueOf(element, dictionary);
    if (value !== undefined) entries.push([keyword!, value]);
  }
  return Object.fromEntries(entries);
}
