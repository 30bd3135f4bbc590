import { formatTag } from '../dictionary/tag-text.js';
import { type HeaderElement, isByteRange, isTextVr, numericValues } from '../header/model.js';
import { formatReal } from './real-number.js';

/** How many bytes of UTF-8 Orthanc shows of a value at most, unless told to ignore the length. */
export const MAXIMUM_VALUE_LENGTH = 256;

/** How Orthanc sees a value that is no sequence. */
export interface OrthancValue {
  readonly type: 'String' | 'Null' | 'TooLong';
  readonly value: string | null;
}

const NULL: OrthancValue = { type: 'Null', value: null };
const TOO_LONG: OrthancValue = { type: 'TooLong', value: null };
const NAMES: Readonly<Record<string, string>> = { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' };

function numbersText(vr: string, values: readonly (number | string)[]): string | undefined {
  if (vr === 'AT') return formatTag(Number(values[0]));
  if (vr === 'SV' || vr === 'UV' || values.length === 0) return undefined;
  const text = (value: number | string): string =>
    typeof value === 'number' ? formatReal(value) : (NAMES[value] ?? value);
  return values.map(text).join('\\');
}

function elementText(element: HeaderElement): string | undefined {
  const [, vr, value] = element;
  // What DCMTK reads as UN (see HeaderElement) has no text, 64-bit integers neither.
  if (vr !== vr.toUpperCase()) return undefined;
  if (typeof value === 'string') return value;
  const numbers = numericValues(element);
  return numbers && numbersText(vr, numbers);
}

/** The value of an element other than a sequence, as Orthanc shows it. */
export function orthancValue(element: HeaderElement, ignoreLength = false): OrthancValue {
  const text = elementText(element);
  if (text === undefined) {
    const [, vr, value] = element;
    return isByteRange(value) && (isTextVr(vr) || isLongNumbers(vr, value.n)) ? TOO_LONG : NULL;
  }
  // No UTF-16 code unit takes more than three bytes of UTF-8.
  const surelyShort = text.length * 3 <= MAXIMUM_VALUE_LENGTH;
  if (!surelyShort && !ignoreLength && Buffer.byteLength(text) > MAXIMUM_VALUE_LENGTH) return TOO_LONG;
  return { type: 'String', value: text };
}

/** Numbers left in the file need a digit and a separator each, at least. */
function isLongNumbers(vr: string, bytes: number): boolean {
  const width = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 }[vr];
  return width !== undefined && 2 * Math.floor(bytes / width) - 1 > MAXIMUM_VALUE_LENGTH;
}
