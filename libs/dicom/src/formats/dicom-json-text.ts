import { isSingleValued } from '../values/text.js';

/** A value of a text element in the DICOM JSON model (PS3.18 section F.2.3). */
export type JsonTextValue = string | number | null | PersonName;

/** The component groups of a person name that are there (PS3.5 section 6.2, PN). */
export interface PersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

function personName(text: string): PersonName | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text
    .split('=')
    .map((group) => withoutTrailingSpaces(group));
  if (alphabetic === '' && ideographic === '' && phonetic === '') return null;
  return {
    ...(alphabetic !== '' && { Alphabetic: alphabetic }),
    ...(ideographic !== '' && { Ideographic: ideographic }),
    ...(phonetic !== '' && { Phonetic: phonetic }),
  };
}

/** A number where the text is one that JSON can carry, else the text itself, so that nothing is lost. */
function number(text: string, form: RegExp): number | string {
  const value = Number(text);
  return form.test(text) && Number.isFinite(value) ? value : text;
}

/** A decimal string (DS) as a number, as far as it is one. */
export function decimalNumber(text: string): number | string {
  return number(text, DECIMAL);
}

/** Decimal strings stay as they are written, so that no digit is lost. */
function textValue(vr: string, text: string): JsonTextValue {
  const trimmed = text.trimEnd();
  if (vr === 'PN') return personName(trimmed);
  if (trimmed === '') return null;
  if (vr === 'IS') return number(trimmed.trimStart(), INTEGER);
  return vr === 'AE' || vr === 'CS' || vr === 'DS' ? trimmed.trimStart() : withoutTrailingSpaces(text);
}

/** The values of a text element that is not empty; null stands for an empty one among several. */
export function textValues(vr: string, text: string): readonly JsonTextValue[] {
  return isSingleValued(vr) ? [text] : text.split('\\').map((value) => textValue(vr, value));
}

/** By hand: a pattern anchored at the end takes quadratic time on long runs of spaces. */
function withoutTrailingSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end -= 1;
  return text.slice(0, end);
}
