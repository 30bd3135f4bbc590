import { type ImageDescription } from '../image-description.js';
import { damaged } from './codestream.js';

type Layout = Pick<ImageDescription, 'rows' | 'columns' | 'samplesPerPixel' | 'bitsAllocated'>;

const HEADER_LENGTH = 64;
const MAXIMUM_SEGMENTS = 15;
const LONGEST_RUN = 128;

/** Unpacks one segment (PackBits). Bytes beyond `length` are ignored, as some writers pad. */
function unpack(segment: Buffer, length: number): Buffer {
  const unpacked = Buffer.alloc(length);
  let at = 0;
  let filled = 0;
  while (filled < length) {
    const code = segment[at++];
    if (code === undefined) return damaged('A segment of the RLE frame is shorter than the image');
    if (code === 128) continue;
    const count = code < 128 ? code + 1 : 257 - code;
    const taken = Math.min(count, length - filled);
    if (at + (code < 128 ? taken : 1) > segment.length) damaged('A segment of the RLE frame is shorter than the image');
    if (code < 128) segment.copy(unpacked, filled, at, at + taken);
    else unpacked.fill(segment[at]!, filled, filled + taken);
    at += code < 128 ? count : 1;
    filled += taken;
  }
  return unpacked;
}

function segmentsOf(bytes: Buffer): Buffer[] {
  const count = bytes.length < HEADER_LENGTH ? 0 : bytes.readUInt32LE(0);
  if (count < 1 || count > MAXIMUM_SEGMENTS) damaged('The header of the RLE frame is damaged');
  const offsets = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(4 + 4 * index));
  return offsets.map((start, index) => {
    const end = offsets[index + 1] ?? bytes.length;
    if (start < HEADER_LENGTH || end < start || end > bytes.length) damaged('The header of the RLE frame is damaged');
    return bytes.subarray(start, end);
  });
}

/** The layout of an RLE frame: a segment for each byte of each sample, the highest byte first (PS3.5 section G.2). */
function layout(image: Layout): { readonly size: number; readonly length: number } {
  const { rows, columns, samplesPerPixel, bitsAllocated } = image;
  const pixels = rows * columns;
  if (bitsAllocated === 1) return { size: 1, length: Math.ceil((pixels * samplesPerPixel) / 8) };
  return { size: bitsAllocated / 8, length: pixels };
}

/**
 * The samples of an RLE frame (PS3.5 annex G), those of a pixel together, little endian; single bits stay packed.
 * @throws PixelDataError `codestream`
 */
export function decodeRle(image: Layout, bytes: Buffer): Buffer {
  const { size, length } = layout(image);
  const samples = image.bitsAllocated === 1 ? 1 : image.samplesPerPixel;
  const segments = segmentsOf(bytes);
  if (segments.length !== samples * size) damaged('The RLE frame has other samples than the data set says');
  const step = samples * size;
  const decoded = Buffer.allocUnsafe(length * step);
  segments.forEach((segment, index) => {
    const unpacked = unpack(segment, length);
    const first = Math.floor(index / size) * size + (size - 1 - (index % size));
    for (let pixel = 0; pixel < length; pixel++) decoded[first + pixel * step] = unpacked[pixel]!;
  });
  return decoded;
}

/** The length of the run of equal bytes that starts at an offset. */
function runAt(bytes: Buffer, at: number, end: number): number {
  let length = 1;
  while (at + length < end && length < LONGEST_RUN && bytes[at + length] === bytes[at]) length++;
  return length;
}

/** Packs a plane row by row, as no run goes on beyond its row (PS3.5 section G.3.1). */
function pack(plane: Buffer, columns: number): Buffer {
  const rows = plane.length / columns;
  const packed = Buffer.alloc(plane.length + rows * (Math.ceil(columns / LONGEST_RUN) + 1) + 1);
  let filled = 0;
  const literals = (from: number, to: number): void => {
    for (let at = from; at < to; at += LONGEST_RUN) {
      const upTo = Math.min(to, at + LONGEST_RUN);
      packed[filled++] = upTo - at - 1;
      filled += plane.copy(packed, filled, at, upTo);
    }
  };
  for (let start = 0; start < plane.length; start += columns) {
    const end = start + columns;
    let literal = start;
    for (let at = start; at < end;) {
      const run = runAt(plane, at, end);
      if (run > 2) {
        literals(literal, at);
        packed[filled++] = 257 - run;
        packed[filled++] = plane[at]!;
        literal = at + run;
      }
      at += run;
    }
    literals(literal, end);
  }
  return packed.subarray(0, filled + (filled % 2));
}

/** An RLE frame of samples as `decodeRle` gives them. */
export function encodeRle(image: Layout, data: Buffer): Buffer {
  const { size, length } = layout(image);
  const step = image.bitsAllocated === 1 ? 1 : image.samplesPerPixel * size;
  const columns = image.bitsAllocated === 1 ? length : image.columns;
  const header = Buffer.alloc(HEADER_LENGTH);
  const parts: Buffer[] = [header];
  let offset = HEADER_LENGTH;
  header.writeUInt32LE(step, 0);
  for (let segment = 0; segment < step; segment++) {
    const first = Math.floor(segment / size) * size + (size - 1 - (segment % size));
    const plane = Buffer.allocUnsafe(length);
    for (let pixel = 0; pixel < length; pixel++) plane[pixel] = data[first + pixel * step]!;
    const packed = pack(plane, columns);
    header.writeUInt32LE(offset, 4 + 4 * segment);
    parts.push(packed);
    offset += packed.length;
  }
  return Buffer.concat(parts);
}
