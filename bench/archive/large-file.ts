import { fileOf, type SampleInstance } from './instances.js';

const BLOCK = Buffer.alloc(256 * 1024, 0x5a);

/** A DICOM file too large to be held: its length, and its bytes one piece after the other. */
export function largeFile(sample: SampleInstance, pixelBytes: number): { length: number; chunks: Iterable<Buffer> } {
  const head = Buffer.concat([fileOf(sample), pixelDataHeader(pixelBytes)]);
  return { length: head.length + pixelBytes, chunks: chunksOf(head, pixelBytes) };
}

function* chunksOf(head: Buffer, pixelBytes: number): Generator<Buffer> {
  yield head;
  for (let left = pixelBytes; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, Math.min(left, BLOCK.length));
}

/** Pixel Data, OW, explicit VR little endian (PS3.5 section 7.1.2). */
function pixelDataHeader(length: number): Buffer {
  const header = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 8);
  return header;
}
