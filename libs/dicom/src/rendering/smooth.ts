import { type BytePicture } from './picture.js';

/** A binomial kernel, near to a Gaussian of 5 pixels. */
const KERNEL = [1, 4, 6, 4, 1];
const REACH = 2;
/** The sum of the kernel in both directions. */
const SUM = 256;

/** A picture, smoothed before it gets smaller; beyond an edge its outermost pixels go on. */
export function smoothed(picture: BytePicture): BytePicture {
  const { data, width, height, channels } = picture;
  const across = new Uint16Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++, at++) {
        let sum = 0;
        for (let k = 0; k < KERNEL.length; k++) {
          const column = Math.min(width - 1, Math.max(0, x + k - REACH));
          sum += KERNEL[k]! * data[(y * width + column) * channels + channel]!;
        }
        across[at] = sum;
      }
    }
  }
  const result = new Uint8Array(data.length);
  const stride = width * channels;
  for (let y = 0, at = 0; y < height; y++) {
    const rows = KERNEL.map((_, k) => Math.min(height - 1, Math.max(0, y + k - REACH)) * stride);
    for (let x = 0; x < stride; x++, at++) {
      let sum = 0;
      for (let k = 0; k < KERNEL.length; k++) sum += KERNEL[k]! * across[rows[k]! + x]!;
      result[at] = sum / SUM;
    }
  }
  return { ...picture, data: result };
}
