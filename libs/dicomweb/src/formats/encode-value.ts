import type { DicomJsonAttribute, DicomJsonPersonName, DicomJsonValue } from './dicom-json-model.js';
import { BadMetadata } from './metadata-errors.js';

const TEXT = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));
const BYTES = new Set('OB OD OF OL OV OW UN'.split(' '));
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

type Write = (bytes: Buffer, value: number | bigint, at: number) => void;

/** Size and form of one number (PS3.5 section 6.2), little endian; integers out of range throw. */
const NUMBERS: Readonly<Record<string, readonly [size: number, write: Write]>> = {
  US: [2, (bytes, value, at) => bytes.writeUInt16LE(Number(value), at)],
  SS: [2, (bytes, value, at) => bytes.writeInt16LE(Number(value), at)],
  UL: [4, (bytes, value, at) => bytes.writeUInt32LE(Number(value), at)],
  SL: [4, (bytes, value, at) => bytes.writeInt32LE(Number(value), at)],
  FL: [4, (bytes, value, at) => bytes.writeFloatLE(Number(value), at)],
  FD: [8, (bytes, value, at) => bytes.writeDoubleLE(Number(value), at)],
  UV: [8, (bytes, value, at) => bytes.writeBigUInt64LE(BigInt(value), at)],
  SV: [8, (bytes, value, at) => bytes.writeBigInt64LE(BigInt(value), at)],
};
const [FLOATS, LARGE] = [new Set(['FL', 'FD']), new Set(['UV', 'SV'])];

/** Whether values of a representation are text. */
export function isText(vr: string): boolean {
  return TEXT.has(vr);
}

/** The bytes of an attribute in little endian, not padded, texts in UTF-8. @throws BadMetadata */
export function encodeValue({ vr, Value = [], InlineBinary }: DicomJsonAttribute): Buffer {
  if (InlineBinary !== undefined) {
    if (!BASE64.test(InlineBinary)) throw new BadMetadata('InlineBinary is Base64');
    return paddedText(vr, Buffer.from(InlineBinary, 'base64'));
  }
  if (TEXT.has(vr)) return paddedText(vr, Buffer.from(Value.map((value) => textOf(vr, value)).join('\\')));
  if (vr === 'AT') return Buffer.concat(Value.map(tagBytes));
  const form = NUMBERS[vr];
  if (form) return numberBytes(vr, form, Value);
  if (!BYTES.has(vr)) throw new BadMetadata('An attribute has a value representation that there is not');
  if (Value.length > 0) throw new BadMetadata('Bytes are InlineBinary or bulk data');
  return Buffer.alloc(0);
}

/** Text is padded with a blank, UIDs and bytes with zero (PS3.5 section 6.2). */
function paddedText(vr: string, bytes: Buffer): Buffer {
  if (bytes.length % 2 === 0 || !TEXT.has(vr) || vr === 'UI') return bytes;
  return Buffer.concat([bytes, Buffer.from(' ')]);
}

function textOf(vr: string, value: DicomJsonValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (vr !== 'PN') throw new BadMetadata('A value is text or a number');
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as DicomJsonPersonName;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/={1,2}$/, '');
}

function tagBytes(value: DicomJsonValue): Buffer {
  if (typeof value !== 'string' || !/^[0-9A-Fa-f]{8}$/.test(value)) throw new BadMetadata('A tag has eight digits');
  const bytes = Buffer.from(value, 'hex');
  return bytes.swap16();
}

/** All in one piece: an attribute may have millions. */
function numberBytes(vr: string, [size, write]: readonly [number, Write], values: readonly DicomJsonValue[]): Buffer {
  const bytes = Buffer.alloc(size * values.length);
  try {
    values.forEach((value, index) => write(bytes, numberOf(vr, value), size * index));
  } catch {
    throw new BadMetadata(`A value is no number of ${vr}`);
  }
  return bytes;
}

function numberOf(vr: string, value: DicomJsonValue): number | bigint {
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError('no number');
  if (LARGE.has(vr)) return BigInt(value);
  const number = Number(value);
  if (!FLOATS.has(vr) && !Number.isInteger(number)) throw new TypeError('no integer');
  if (Number.isNaN(number) && value !== 'NaN') throw new TypeError('no number');
  return number;
}
