import { type DecodedFrame } from '../decoded-frame.js';
import { PixelDataError } from '../errors.js';
import { isSubsampled, storedFrameBits } from '../frame-size.js';
import { type ImageDescription } from '../image-description.js';

/** Bytes that change places in big endian data, by its representation (PS3.5 section 7.3). */
export function swapWidth({ pixelVr, bitsAllocated }: ImageDescription): 1 | 2 | 4 | 8 {
  if (pixelVr === 'OB') return 1;
  if (pixelVr === 'OF' || pixelVr === 'OL') return 4;
  if (pixelVr === 'OD' || pixelVr === 'OV') return 8;
  return pixelVr === 'OW' || bitsAllocated > 8 ? 2 : 1;
}

/** Big endian bytes in little endian order; the given ones are left as they are. */
export function littleEndianBytes(bytes: Buffer, width: 1 | 2 | 4 | 8): Buffer {
  if (width === 1) return bytes;
  const whole = bytes.length - (bytes.length % width);
  const copy = Buffer.from(bytes.subarray(0, whole));
  if (width === 2) return copy.swap16();
  return width === 4 ? copy.swap32() : copy.swap64();
}

/** Single bits, the first pixel in the lowest one of a byte, as bytes of 0 and 1. */
export function unpackBits(bytes: Buffer, firstBit: number, count: number): Buffer {
  const unpacked = Buffer.allocUnsafe(count);
  for (let index = 0; index < count; index++) {
    const bit = firstBit + index;
    unpacked[index] = (bytes[bit >>> 3]! >>> (bit & 7)) & 1;
  }
  return unpacked;
}

/** Y1 Y2 Cb Cr for two pixels become Y Cb Cr each; of an even number of pixels. */
function fromSubsampled(bytes: Buffer, pixels: number, size: number): Buffer {
  const full = Buffer.allocUnsafe(pixels * 3 * size);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const pair = (pixel >> 1) * 4 * size;
    const to = pixel * 3 * size;
    bytes.copy(full, to, pair + (pixel & 1) * size, pair + ((pixel & 1) + 1) * size);
    bytes.copy(full, to + size, pair + 2 * size, pair + 4 * size);
  }
  return full;
}

/** A plane a sample becomes all samples of a pixel together. */
export function interleaved(planes: Buffer, pixels: number, samples: number, size: number): Buffer {
  const pixelData = Buffer.allocUnsafe(planes.length);
  for (let sample = 0; sample < samples; sample++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (sample * pixels + pixel) * size;
      const to = (pixel * samples + sample) * size;
      for (let byte = 0; byte < size; byte++) pixelData[to + byte] = planes[from + byte]!;
    }
  }
  return pixelData;
}

/** Where in its bits a sample has its value. */
type SampleBits = Pick<ImageDescription, 'bitsAllocated' | 'bitsStored' | 'highBit' | 'signed'>;

/**
 * Leaves nothing but the value in each sample, its sign extended (PS3.5 section 8.1.1).
 * @throws PixelDataError `unsupported`
 */
export function plainSamples(bytes: Buffer, image: SampleBits): Buffer {
  const { bitsAllocated, bitsStored, highBit, signed } = image;
  if (bitsStored === bitsAllocated || bitsAllocated > 32) return bytes;
  if (bitsAllocated === 24) throw new PixelDataError('unsupported', '24 bits a sample');
  const size = bitsAllocated / 8;
  if (bitsAllocated === 16) return plainWords(bytes, image);
  const [left, right] = [31 - highBit, 32 - bitsStored];
  const plain = Buffer.allocUnsafe(bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  for (let at = 0; at + size <= bytes.length; at += size) {
    const raw = size === 1 ? view.getUint8(at) : view.getUint32(at, true);
    const value = signed ? (raw << left) >> right : (raw << left) >>> right;
    if (size === 1) to.setUint8(at, value);
    else to.setUint32(at, value, true);
  }
  return plain;
}

/** As `plainSamples`, of most images: this machine's order is little endian too. */
function plainWords(bytes: Buffer, { bitsStored, highBit, signed }: SampleBits): Buffer {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  // nearly always
  if (highBit === bitsStored - 1 && areWordsPlain(aligned, bitsStored, signed)) return aligned;
  const length = bytes.length >> 1;
  const words = new Int16Array(aligned.buffer, aligned.byteOffset, length);
  const plain = new Int16Array(length);
  const [left, right] = [31 - highBit, 32 - bitsStored];
  for (let index = 0; index < length; index++) {
    plain[index] = signed ? (words[index]! << left) >> right : (words[index]! << left) >>> right;
  }
  return Buffer.from(plain.buffer);
}

/** Whether the bits above the value are its sign, or 0: looks at two words at a time. */
function areWordsPlain(bytes: Buffer, bitsStored: number, signed: boolean): boolean {
  const pairs = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const { length } = pairs;
  const rest = bytes.length % 4 > 1 ? bytes.readUInt16LE(length * 4) : 0;
  let seen = signed ? rest ^ (rest >>> 1) : rest;
  // of a signed value, each bit beside the next one: 0 where they are the same
  if (signed) for (let index = 0; index < length; index++) seen |= pairs[index]! ^ (pairs[index]! >>> 1);
  else for (let index = 0; index < length; index++) seen |= pairs[index]!;
  const above = signed ? 0x7fff & -(2 ** (bitsStored - 1)) : 0xffff & -(2 ** bitsStored);
  return (seen & ((above << 16) | above)) === 0;
}

/**
 * Makes sure that uncompressed pixel data of such an image can be read. Where luminance comes in pairs of pixels, columns
 * are even in number (PS3.3 C.7.6.3.1.2): of others nobody knows where the last pair of a row ends.
 * @throws PixelDataError `unsupported`
 */
export function checkNative(image: ImageDescription): void {
  if (image.bitsAllocated === 24) throw new PixelDataError('unsupported', '24 bits a sample');
  if (isSubsampled(image) && image.columns % 2 === 1) {
    throw new PixelDataError('unsupported', 'Chrominance for pairs of an odd number of columns');
  }
}

/**
 * A frame of uncompressed pixel data, little endian already; the bits of a sample beside its value stay as they are.
 * @param firstBit where in `bytes` it starts: single bits and odd words do not start at a byte of their own
 * @throws PixelDataError `codestream` where bytes are missing, `unsupported`
 */
export function nativeFrame(image: ImageDescription, bytes: Buffer, firstBit = 0): DecodedFrame {
  const { rows, columns, samplesPerPixel, signed, kind } = image;
  checkNative(image);
  if (bytes.length * 8 < firstBit + storedFrameBits(image)) {
    throw new PixelDataError('codestream', 'The pixel data is shorter than the image');
  }
  const frame = { rows, columns, samplesPerPixel, photometric: photometricOfAll(image), signed, kind };
  const pixels = rows * columns;
  if (image.bitsAllocated === 1) {
    const data = unpackBits(bytes, firstBit, pixels * samplesPerPixel);
    return { ...frame, signed: false, bitsAllocated: 8, bitsStored: 1, highBit: 0, data };
  }
  const size = image.bitsAllocated / 8;
  const stored = bytes.subarray(firstBit / 8, firstBit / 8 + storedFrameBits(image) / 8);
  const full = isSubsampled(image) ? fromSubsampled(stored, pixels, size) : stored;
  const together = image.planarConfiguration === 1 && !isSubsampled(image);
  const data = together ? interleaved(full, pixels, samplesPerPixel, size) : full;
  const { bitsAllocated, bitsStored, highBit } = image;
  return { ...frame, bitsAllocated, bitsStored, highBit, data };
}

/** What samples are that are all there: nothing says so of luminance and chrominance but YBR_FULL. */
export function photometricOfAll({ photometric, samplesPerPixel }: ImageDescription): string {
  return photometric === 'YBR_FULL_422' && samplesPerPixel === 3 ? 'YBR_FULL' : photometric;
}
