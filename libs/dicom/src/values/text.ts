import { type DataElement, type DataSet } from '../dataset.js';
import { decodeText } from '../charset/decode.js';
import { defaultCharacterSets } from '../charset/default-encodings.js';

const SPACE = 0x20;

/** Representations in which a backslash is text, not a separator (PS3.5 section 6.2). */
const SINGLE_VALUED = new Set(['LT', 'ST', 'UR', 'UT']);

/** Whether a text has but one value, backslashes included (PS3.5 section 6.2). */
export function isSingleValued(vr: string): boolean {
  return SINGLE_VALUED.has(vr);
}

/** The bytes of a value without its padding: trailing spaces, and everything from the first NUL on. */
function withoutPadding(bytes: Buffer, vr: string): Buffer {
  let end = bytes.length;
  if (vr !== 'UN') while (end > 0 && bytes[end - 1] === SPACE) end--;
  const nul = bytes.indexOf(0);
  return bytes.subarray(0, nul >= 0 && nul < end ? nul : end);
}

/**
 * The text of an element: decoded whole, several values joined by backslashes, without padding, never with a NUL.
 * Leading spaces are kept, in UIDs none. Empty when the element has no bytes.
 *
 * @param defaultEncoding the option DefaultEncoding, for data sets that name no character set
 * @param vr the representation to read it in, when the file's is not the right one
 */
export function textOf(element: DataElement, dataset: DataSet, defaultEncoding: string, vr = element.vr): string {
  const { bytes } = element;
  if (!bytes || bytes.length === 0) return '';
  const { characterSets } = dataset;
  const terms = characterSets.length > 0 ? characterSets : defaultCharacterSets(defaultEncoding);
  const text = decodeText(withoutPadding(bytes, vr), terms, vr);
  return vr === 'UI' ? text.replaceAll(' ', '') : text;
}

/** The values of a text that `textOf` gave, in the representation it was read in. An empty text has no values. */
export function splitValues(text: string, vr: string): readonly string[] {
  if (text === '') return [];
  return isSingleValued(vr) ? [text] : text.split('\\');
}

/** The values of a text element, each without the spaces around it that mean nothing (PS3.5 section 6.2). */
export function valuesOf(element: DataElement, dataset: DataSet, defaultEncoding: string): readonly string[] {
  const values = splitValues(textOf(element, dataset, defaultEncoding), element.vr);
  return isSingleValued(element.vr) ? values : values.map((value) => value.trim());
}
