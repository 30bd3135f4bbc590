import { type Codestream, damaged } from './codestream.js';

const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const EOC = 0xffd9;
/** The signature box of a JP2 file (ISO/IEC 15444-1 annex I). */
const JP2_SIGNATURE = Buffer.from('0000000c6a502020', 'hex');
const CODESTREAM_BOX = 'jp2c';
/** In Rsiz: high throughput (ISO/IEC 15444-15 annex A). */
const HIGH_THROUGHPUT = 0x4000;

/** A codestream of JPEG 2000, and where in it the size of its samples stands. */
export interface Jpeg2000 {
  readonly bytes: Buffer;
  readonly header: Codestream;
  readonly highThroughput: boolean;
  /** Offset of Ssiz of the first component; those of the others follow every three bytes. */
  readonly ssiz: number;
}

/** The codestream alone: some writers put whole JP2 files into DICOM. */
function codestreamOf(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, JP2_SIGNATURE.length).equals(JP2_SIGNATURE)) return bytes;
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === CODESTREAM_BOX)
      return bytes.subarray(at + (length === 1 ? 16 : 8));
    if (length < 8) break;
    at += length;
  }
  return damaged('The JP2 file holds no codestream');
}

/** Makes sure that every tile-part is there in full: some decoders make up what is missing. */
function checkTileParts(bytes: Buffer, first: number): void {
  for (let at = first; ;) {
    if (at + 2 <= bytes.length && bytes.readUInt16BE(at) === EOC) return;
    if (at + 12 > bytes.length || bytes.readUInt16BE(at) !== SOT) damaged('The JPEG 2000 codestream breaks off');
    const length = bytes.readUInt32BE(at + 6);
    // 0: to the end of the codestream
    if (length === 0) return;
    if (length < 12 || at + length > bytes.length) damaged('The JPEG 2000 codestream breaks off');
    at += length;
    if (at === bytes.length) return;
  }
}

/**
 * The header of a JPEG 2000 codestream (ISO/IEC 15444-1 annex A).
 * @throws PixelDataError `codestream` also where a tile-part breaks off
 */
export function jpeg2000Codestream(file: Buffer): Jpeg2000 {
  const bytes = codestreamOf(file);
  if (bytes.length < 42 || bytes.readUInt16BE(0) !== SOC || bytes.readUInt16BE(2) !== SIZ) {
    damaged('The frame is no JPEG 2000 codestream');
  }
  const samplesPerPixel = bytes.readUInt16BE(40);
  const ssiz = 42;
  let at = 4 + bytes.readUInt16BE(4);
  if (at !== ssiz + 3 * samplesPerPixel || at > bytes.length || samplesPerPixel === 0) {
    damaged('The header of the JPEG 2000 codestream is damaged');
  }
  const components = Array.from({ length: samplesPerPixel }, (_, index) =>
    bytes.subarray(ssiz + 3 * index, ssiz + 3 * index + 3),
  );
  if (components.some((each) => each[0] !== components[0]![0] || each[1] !== 1 || each[2] !== 1)) {
    damaged('The samples of the JPEG 2000 codestream differ in size');
  }
  while (at + 4 <= bytes.length && bytes.readUInt16BE(at) !== SOT) {
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  checkTileParts(bytes, at);
  return {
    bytes,
    highThroughput: (bytes.readUInt16BE(6) & HIGH_THROUGHPUT) !== 0,
    ssiz,
    header: {
      columns: bytes.readUInt32BE(8) - bytes.readUInt32BE(16),
      rows: bytes.readUInt32BE(12) - bytes.readUInt32BE(20),
      samplesPerPixel,
      precision: (components[0]![0]! & 0x7f) + 1,
      signed: components[0]![0]! > 0x7f,
      planar: false,
      rgb: false,
    },
  };
}
