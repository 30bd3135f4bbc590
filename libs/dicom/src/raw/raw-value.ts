import { isTextVr } from '../header/model.js';
import { littleEndianBytes } from '../pixels/codecs/native.js';
import { orderedWidth } from '../values/numbers.js';

const SPACE = 0x20;
/** DCMTK fills up the values of these only where somebody sets them, not where they are read. */
const LEFT_ODD = new Set(['OW', 'OF', 'OD', 'OL', 'OV']);

/** What pads text of a representation to an even length (PS3.5 section 6.2); undefined for all that is no text. */
export function textPadding(vr: string): number | undefined {
  if (!isTextVr(vr)) return undefined;
  return vr === 'UI' ? 0 : SPACE;
}

/** Bytes that change places in order to be in little endian order; 1 where none do. */
export function rawSwap(vr: string, littleEndian: boolean): 1 | 2 | 4 | 8 {
  return littleEndian ? 1 : (orderedWidth(vr) ?? 1);
}

/** Whether a value that takes this many bytes in the file is filled up with a NUL. */
export function isFilledUp(vr: string, length: number): boolean {
  return length % 2 === 1 && !LEFT_ODD.has(vr);
}

/** How long a text is that takes `bytes` without its padding, once it is padded to an even length again. */
export function paddedLength(bytes: number): number {
  return bytes + (bytes % 2);
}

/**
 * The value of an element as DCMTK, and Orthanc after it, gives it away raw: numbers in little endian byte order
 * whatever the file's, text in the file's character set with what pads it to an even length and no more, odd lengths
 * filled up with a NUL.
 * @param vr the representation it is read in
 */
export function rawValue(bytes: Buffer, vr: string, littleEndian: boolean): Buffer {
  if (isFilledUp(vr, bytes.length)) return ordered(Buffer.concat([bytes, Buffer.alloc(1)]), vr, littleEndian);
  const padding = textPadding(vr);
  if (padding === undefined) return ordered(bytes, vr, littleEndian);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === padding) end--;
  return bytes.subarray(0, paddedLength(end));
}

/** Bytes left over behind the last number stay as they are. */
function ordered(bytes: Buffer, vr: string, littleEndian: boolean): Buffer {
  const width = rawSwap(vr, littleEndian);
  const whole = bytes.length - (bytes.length % width);
  return width === 1 ? bytes : Buffer.concat([littleEndianBytes(bytes, width), bytes.subarray(whole)]);
}
