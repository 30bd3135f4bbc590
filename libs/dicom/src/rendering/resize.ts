import { type BytePicture, type Picture } from './picture.js';

/** A picture of the same content with another size: each pixel is the nearest one, as Orthanc takes it. */
export function resized(
  { data, width, height, channels }: BytePicture,
  newWidth: number,
  newHeight: number,
): BytePicture {
  const columns = nearest(width, newWidth);
  const rows = nearest(height, newHeight);
  const result = new Uint8Array(newWidth * newHeight * channels);
  let at = 0;
  let previous = -1;
  for (let y = 0; y < newHeight; y++) {
    const row = rows[y]! * width;
    if (row === previous) {
      result.copyWithin(at, at - newWidth * channels, at);
      at += newWidth * channels;
      continue;
    }
    previous = row;
    for (let x = 0; x < newWidth; x++) {
      const from = (row + columns[x]!) * channels;
      for (let channel = 0; channel < channels; channel++) result[at++] = data[from + channel]!;
    }
  }
  return { data: result, width: newWidth, height: newHeight, channels };
}

/** For each position in the new size, which one it shows; in single precision. */
function nearest(size: number, newSize: number): Uint32Array {
  const scale = Math.fround(size / newSize);
  const positions = new Uint32Array(newSize);
  for (let index = 0; index < newSize; index++) {
    positions[index] = Math.min(size - 1, Math.floor(Math.fround((index + 0.5) * scale)));
  }
  return positions;
}

/**
 * The size in pixels that a picture gets where a width, a height or both are wanted: as large as fits, in proportion, and
 * at least one pixel.
 */
export function fittingSize(
  { width, height }: Pick<Picture, 'width' | 'height'>,
  wanted: { readonly width?: number; readonly height?: number },
): { readonly width: number; readonly height: number } {
  const ratios: number[] = [];
  if (wanted.width) ratios.push(Math.fround(wanted.width / width));
  if (wanted.height) ratios.push(Math.fround(wanted.height / height));
  const ratio = ratios.length > 0 ? Math.min(...ratios) : 1;
  const scaled = (size: number): number => Math.max(1, Math.round(Math.fround(ratio * size)));
  return { width: scaled(width), height: scaled(height) };
}
