import { compressedFrame } from './codecs/compressed.js';
import { littleEndianBytes, nativeFrame, plainSamples, swapWidth } from './codecs/native.js';
import { type DecodedFrame } from './decoded-frame.js';
import { type ImageDescription } from './image-description.js';
import { EXPLICIT_BIG_ENDIAN } from '../tokenizer/transfer-syntax.js';
import { isEncapsulated } from './transfer-syntaxes.js';

/**
 * Decodes a frame. Takes its time: for threads.
 *
 * @param bytes of the frame as `frameLocations` tells, its fragments joined
 * @param firstBit where in `bytes` an uncompressed frame starts
 * @throws PixelDataError `codestream` where the bytes are damaged or another image, `unsupported`
 */
export async function decodeFrame(
  image: ImageDescription,
  transferSyntax: string,
  bytes: Buffer,
  firstBit = 0,
): Promise<DecodedFrame> {
  return plainFrame(image, await unpackFrame(image, transferSyntax, bytes, firstBit));
}

/**
 * As `decodeFrame`, but for the bits of a sample beside its value, and so for the high bit: what an uncompressed or RLE
 * frame has there stays as it is, and what another one has there as long as its codec kept it.
 *
 * @throws PixelDataError `codestream`, `unsupported`
 */
export async function unpackFrame(
  image: ImageDescription,
  transferSyntax: string,
  bytes: Buffer,
  firstBit: number,
): Promise<DecodedFrame> {
  if (isEncapsulated(transferSyntax)) return compressedFrame(image, transferSyntax, bytes);
  const bigEndian = transferSyntax === EXPLICIT_BIG_ENDIAN;
  return nativeFrame(image, bigEndian ? littleEndianBytes(bytes, swapWidth(image)) : bytes, firstBit);
}

/** What `unpackFrame` gave, with nothing but the value in its samples. @throws PixelDataError `unsupported` */
export function plainFrame({ bitsAllocated }: ImageDescription, frame: DecodedFrame): DecodedFrame {
  // single bits became bytes
  if (bitsAllocated === 1) return frame;
  return { ...frame, highBit: frame.bitsStored - 1, data: plainSamples(frame.data, frame) };
}
