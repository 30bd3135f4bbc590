import { type HeaderDataSet, type HeaderElement, isTextVr, itemsOf, numericValues } from '../header/model.js';

/** What text becomes in bytes. */
export type EncodeText = (text: string) => Buffer;

/** Representations with a length of 32 bits (PS3.5 section 7.1.2). */
const LONG = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
/** The longest value of a representation with a length of 16 bits that is even. */
const MAX_SHORT = 0xfffe;
const UNDEFINED = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;

/** An element in explicit VR little endian (PS3.5 section 7.1.2), its value padded to an even length. */
export function writeElement(tag: number, vr: string, value: Buffer): Buffer {
  const bytes = LONG.has(vr) ? value : value.subarray(0, MAX_SHORT);
  const odd = bytes.length % 2;
  const header = LONG.has(vr) ? 12 : 8;
  const element = Buffer.alloc(header + bytes.length + odd, vr === 'UI' || vr === 'OB' ? 0 : 0x20);
  element.writeUInt16LE(tag >>> 16, 0);
  element.writeUInt16LE(tag & 0xffff, 2);
  element.write(vr, 4, 'latin1');
  if (header === 12) {
    element.writeUInt16LE(0, 6);
    element.writeUInt32LE(bytes.length + odd, 8);
  } else element.writeUInt16LE(bytes.length + odd, 6);
  bytes.copy(element, header);
  return element;
}

/** The header of a sequence of undefined length. */
export function sequenceStart(tag: number): Buffer {
  const header = writeElement(tag, 'SQ', Buffer.alloc(0));
  header.writeUInt32LE(UNDEFINED, 8);
  return header;
}

/** What ends a sequence of undefined length. */
export function sequenceEnd(): Buffer {
  return delimiter(SEQUENCE_END, 0);
}

/** An item of undefined length (PS3.5 section 7.5). */
export function writeItem(elements: Buffer): Buffer {
  return Buffer.concat([delimiter(ITEM, UNDEFINED), elements, delimiter(ITEM_END, 0)]);
}

/** An element as it was read, for all representations that directories have: texts, numbers, sequences of them. */
export function writeHeaderElement(element: HeaderElement, encode: EncodeText): Buffer {
  const [tag, shownVr, value] = element;
  const vr = shownVr.toUpperCase();
  const items = itemsOf(element);
  if (items) {
    const written = items.map((item) => writeItem(writeDataSet(item, encode)));
    return Buffer.concat([sequenceStart(tag), ...written, sequenceEnd()]);
  }
  if (isTextVr(vr)) return writeElement(tag, vr, typeof value === 'string' ? encode(value) : Buffer.alloc(0));
  const width = { US: 2, UL: 4 }[vr];
  const numbers = width === undefined ? [] : (numericValues(element) ?? []);
  const bytes = Buffer.alloc(numbers.length * (width ?? 0));
  numbers.forEach((number, index) => bytes.writeUIntLE(Number(number), index * width!, width!));
  return writeElement(tag, vr, bytes);
}

function writeDataSet(dataset: HeaderDataSet, encode: EncodeText): Buffer {
  return Buffer.concat(dataset.map((element) => writeHeaderElement(element, encode)));
}

function delimiter(tag: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}
