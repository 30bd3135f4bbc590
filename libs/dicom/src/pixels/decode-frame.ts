import { compressedFrame } from './codecs/compressed.js';
import { littleEndianBytes, nativeFrame, swapWidth } from './codecs/native.js';
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
  if (isEncapsulated(transferSyntax)) return compressedFrame(image, transferSyntax, bytes);
  const bigEndian = transferSyntax === EXPLICIT_BIG_ENDIAN;
  return nativeFrame(image, bigEndian ? littleEndianBytes(bytes, swapWidth(image)) : bytes, firstBit);
}
