import { type Tag } from '../dataset.js';
import { ITEM, UNDEFINED_LENGTH } from '../tokenizer/element-header.js';
import { type ElementEncoding } from '../tokenizer/transfer-syntax.js';
import { hasLongLength } from '../tokenizer/vr-codes.js';
import { orderedWidth } from '../values/numbers.js';

const LONGEST_SHORT = 0xffff;
/** In files that say what they hold, this one stands for what has no room in its own (PS3.5 section 6.2.2). */
const UNKNOWN = 'UN';

/** The representation in which a value of some length can be written. */
function writableVr(vr: string, length: number, { explicit }: ElementEncoding): string {
  const long = hasLongLength((vr.charCodeAt(0) << 8) | vr.charCodeAt(1));
  return explicit && !long && length > LONGEST_SHORT ? UNKNOWN : vr;
}

/**
 * The header of an element or item (PS3.5 section 7.1); items have no representation.
 * @param length bytes, or `UNDEFINED_LENGTH`
 * @throws RangeError for a length that has no room in it
 */
export function elementHeader(tag: Tag, vr: string, length: number, encoding: ElementEncoding): Buffer {
  const { explicit, littleEndian } = encoding;
  const withVr = explicit && vr !== '';
  const long = withVr && hasLongLength((vr.charCodeAt(0) << 8) | vr.charCodeAt(1));
  const longest = withVr && !long ? LONGEST_SHORT : UNDEFINED_LENGTH;
  // written regardless, it would be another length
  if (!(length >= 0 && length <= longest)) throw new RangeError(`A length of ${length} bytes has no room in a header`);
  const header = Buffer.alloc(long ? 12 : 8);
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
  if (withVr) header.write(vr, 4, 'latin1');
  if (withVr && !long) view.setUint16(6, length, littleEndian);
  else view.setUint32(long ? 8 : 4, length, littleEndian);
  return header;
}

/** A value in another byte order; bytes left over behind the last number stay as they are. */
export function inOrder(value: Buffer, vr: string, from: boolean, to: boolean): Buffer {
  const width = orderedWidth(vr);
  if (from === to || width === undefined) return value;
  const whole = value.length - (value.length % width);
  const copy = Buffer.from(value);
  const numbers = copy.subarray(0, whole);
  if (width === 2) numbers.swap16();
  else if (width === 4) numbers.swap32();
  else numbers.swap64();
  return copy;
}

/**
 * An element with its value, padded to an even length.
 * @param littleEndian the byte order of `value`
 */
export function encodeElement(tag: Tag, vr: string, value: Buffer, littleEndian: boolean, to: ElementEncoding): Buffer {
  const ordered = inOrder(value, vr, littleEndian, to.littleEndian);
  const odd = ordered.length % 2 === 1;
  const header = elementHeader(
    tag,
    writableVr(vr, ordered.length + (odd ? 1 : 0), to),
    ordered.length + (odd ? 1 : 0),
    to,
  );
  return Buffer.concat([header, ordered, Buffer.alloc(odd ? 1 : 0)]);
}

/** A sequence of items that are encoded already, all lengths explicit. */
export function encodeSequence(tag: Tag, items: readonly Buffer[], to: ElementEncoding): Buffer {
  const parts = items.flatMap((item) => [elementHeader(ITEM, '', item.length, to), item]);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([elementHeader(tag, 'SQ', length, to), ...parts]);
}
