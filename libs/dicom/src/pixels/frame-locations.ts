import { type ByteRange } from '../header/model.js';
import { swapWidth } from './codecs/native.js';
import { PixelDataError } from './errors.js';
import { storedFrameBits } from './frame-size.js';
import { type ImageDescription } from './image-description.js';

/** Where the bytes of a frame stand. */
export interface FrameLocation {
  /** Pieces to be joined, in order: one, or the frame's fragments. */
  readonly ranges: readonly ByteRange[];
  /** Where the frame starts in the joined bytes, once they are little endian. */
  readonly firstBit: number;
}

/** The numbers of a frame are whole and below the number of frames. @throws PixelDataError `no-such-frame` */
export function checkFrame(frame: number, numberOfFrames: number): void {
  if (!Number.isInteger(frame) || frame < 0 || frame >= numberOfFrames) {
    throw new PixelDataError('no-such-frame', 'There is no such frame');
  }
}

/**
 * Where a frame of uncompressed pixel data stands (PS3.5 section 8): frames follow each other without padding, single
 * bits too.
 *
 * @param frame from 0 on
 * @throws PixelDataError `no-such-frame`, `no-pixel-data`, `location` where the pixel data is shorter than its frames
 */
export function nativeLocation(image: ImageDescription, frame: number): FrameLocation {
  checkFrame(frame, image.numberOfFrames);
  const { pixelData } = image;
  if (!pixelData) throw new PixelDataError('no-pixel-data', 'There is no pixel data');
  const width = swapWidth(image);
  const bits = BigInt(storedFrameBits(image));
  const start = bits * BigInt(frame);
  const first = Number(start / 8n) - (Number(start / 8n) % width);
  const end = Number((start + bits + 7n) / 8n);
  if (bits * BigInt(image.numberOfFrames) > BigInt(pixelData.n) * 8n) {
    throw new PixelDataError('location', 'The pixel data is shorter than its frames');
  }
  const last = Math.min(pixelData.n, end + ((width - (end % width)) % width));
  return { ranges: [{ o: pixelData.o + first, n: last - first }], firstBit: Number(start - BigInt(first) * 8n) };
}
