import { rgbFrame } from './colour.js';
import { plainFrame, unpackFrame } from './decode-frame.js';
import { type DecodedFrame } from './decoded-frame.js';
import { checkOverlays, type EncodedFrame, encodeFrame, keepsAllBits } from './encode-frame.js';
import { PixelDataError } from './errors.js';
import { type ImageDescription } from './image-description.js';
import { isEncapsulated, isLossyJpeg } from './transfer-syntaxes.js';

/** What a frame becomes. */
export interface FrameTarget {
  readonly transferSyntax: string;
  /** Of lossy compression, 1 to 100. */
  readonly quality: number;
}

/** Single bits, the first pixel in the lowest one of a byte. */
function packBits(samples: Buffer): Buffer {
  const packed = Buffer.alloc(Math.ceil(samples.length / 8));
  samples.forEach((sample, index) => (packed[index >>> 3]! |= (sample & 1) << (index & 7)));
  return packed;
}

/** An uncompressed frame, little endian. Where it ends in the midst of a byte none may follow. */
function nativeBytes(frame: DecodedFrame, { bitsAllocated, numberOfFrames }: ImageDescription): Buffer {
  if (bitsAllocated > 1) return frame.data;
  if (numberOfFrames > 1 && frame.data.length % 8 !== 0) {
    throw new PixelDataError('unsupported', 'Several frames of single bits that do not fill their bytes');
  }
  return packBits(frame.data);
}

/**
 * Turns a frame into one of another transfer syntax; into the little endian one for all that are uncompressed. What JPEG
 * has lost in colours stays lost: such frames become red, green and blue, as with DCMTK.
 *
 * @param firstBit where in `bytes` an uncompressed frame starts
 * @throws PixelDataError `codestream`, `unsupported`
 */
export async function transcodeFrame(
  image: ImageDescription,
  transferSyntax: string,
  bytes: Buffer,
  firstBit: number,
  target: FrameTarget,
): Promise<EncodedFrame> {
  checkOverlays(image, target.transferSyntax);
  const frame = await sourceFrame(image, transferSyntax, bytes, firstBit, keepsAllBits(target.transferSyntax));
  if (!isEncapsulated(target.transferSyntax)) {
    const { bitsAllocated, bitsStored } = image;
    const { photometric, highBit } = frame;
    return {
      bytes: nativeBytes(frame, image),
      photometric,
      planarConfiguration: 0,
      bitsAllocated,
      bitsStored,
      highBit,
    };
  }
  if (image.bitsAllocated === 1) throw new PixelDataError('unsupported', 'Compression of single bits');
  return encodeFrame(frame, target.transferSyntax, target.quality);
}

/** The frame to be written, with all the bits that its samples had where these have a place there. */
async function sourceFrame(
  image: ImageDescription,
  transferSyntax: string,
  bytes: Buffer,
  firstBit: number,
  withAllBits: boolean,
): Promise<DecodedFrame> {
  const unpacked = await unpackFrame(image, transferSyntax, bytes, firstBit);
  if (isLossyJpeg(transferSyntax)) return rgbFrame(plainFrame(image, unpacked));
  return withAllBits ? unpacked : plainFrame(image, unpacked);
}
