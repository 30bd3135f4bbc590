import { type ImageDescription } from './image-description.js';

/**
 * Whether the second and third sample are there for every second pixel only (PS3.3 C.7.6.3.1.2). Some writers say so of
 * data that has them all: its length tells.
 */
export function isSubsampled(image: ImageDescription): boolean {
  const { photometric, samplesPerPixel, pixelData } = image;
  if (samplesPerPixel !== 3 || (photometric !== 'YBR_FULL_422' && photometric !== 'YBR_PARTIAL_422')) return false;
  return pixelData === undefined || pixelData.n < decodedFrameBytes(image) * image.numberOfFrames;
}

/** Bits of an uncompressed frame as it is stored (PS3.5 section 8.1.1). Exact: below 2^53. */
export function storedFrameBits(image: ImageDescription): number {
  const { rows, columns, samplesPerPixel, bitsAllocated } = image;
  return rows * columns * bitsAllocated * (isSubsampled(image) ? 2 : samplesPerPixel);
}

/** Bytes of a decoded frame. */
export function decodedFrameBytes({ rows, columns, samplesPerPixel, bitsAllocated }: ImageDescription): number {
  return rows * columns * samplesPerPixel * Math.max(1, bitsAllocated / 8);
}

/** Bytes of all frames once they are decoded. */
export function decodedBytes(image: ImageDescription): number {
  return image.numberOfFrames * decodedFrameBytes(image);
}

/** Samples of all frames. */
export function totalSamples({ numberOfFrames, rows, columns, samplesPerPixel }: ImageDescription): number {
  return numberOfFrames * rows * columns * samplesPerPixel;
}
