import { type DataElement, type DataSet } from '../dataset.js';
import { numbersOf } from '../values/numbers.js';
import { textOf } from '../values/text.js';
import { type HeaderValue, isNumericVr, isTextVr } from './model.js';

/** Above these sizes a value stays in the file. */
export interface InlineLimits {
  /** Characters of text. */
  readonly text: number;
  /** Bytes of binary and numeric values. */
  readonly bytes: number;
}

const WIDTHS: Readonly<Record<string, 2 | 4 | 8>> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 };

function jsonNumber(value: number | bigint): number | string {
  if (typeof value === 'bigint') return value.toString();
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function base64(bytes: Buffer, width: 2 | 4 | 8 | undefined, littleEndian: boolean): string {
  if (littleEndian || width === undefined || bytes.length % width !== 0) return bytes.toString('base64');
  const copy = Buffer.from(bytes);
  if (width === 2) copy.swap16();
  else if (width === 4) copy.swap32();
  else copy.swap64();
  return copy.toString('base64');
}

/** The value of an element that is no sequence, read with representation `vr`. */
export function headerValue(
  element: DataElement,
  vr: string,
  dataset: DataSet,
  limits: InlineLimits,
  defaultEncoding: string,
): HeaderValue {
  const { bytes, length } = element;
  const range = { o: element.valueOffset, n: length };
  if (isTextVr(vr)) {
    if (!bytes) return range;
    // Nobody knows what is padding in UN: Orthanc shows it all.
    const text = textOf(element, dataset, defaultEncoding, element.vr === 'UN' ? 'UN' : vr);
    return text.length > limits.text ? range : text;
  }
  if (length === 0) return null;
  if (!bytes || bytes.length > limits.bytes) return range;
  if (isNumericVr(vr)) return numbersOf(element, dataset, vr).map(jsonNumber);
  return { b: base64(bytes, WIDTHS[vr], dataset.littleEndian) };
}
