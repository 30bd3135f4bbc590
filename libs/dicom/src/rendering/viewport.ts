import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { type BytePicture } from './picture.js';
import { type PixelRegion } from './region.js';
import { fittingSize, resized } from './resize.js';

/** Where a picture is shown (PS3.18 section 8.3.5.1.3). */
export interface Viewport {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The upper left corner of what is shown of the image, pixels; without a sign, as Orthanc reads it. */
  readonly left?: number;
  readonly top?: number;
  /** How much of the image is shown, pixels: what is beyond it is left out; negative: mirrored. Absent: the rest of it. */
  readonly regionWidth?: number;
  readonly regionHeight?: number;
}

/** The pixels of a frame that a viewport shows; undefined where it shows none. */
export function shownPixels(
  { columns, rows }: Pick<DecodedFrame, 'columns' | 'rows'>,
  viewport: Viewport,
): PixelRegion | undefined {
  const left = whole(viewport.left ?? 0);
  const top = whole(viewport.top ?? 0);
  const width = Math.min(columns - left, whole(viewport.regionWidth ?? columns));
  const height = Math.min(rows - top, whole(viewport.regionHeight ?? rows));
  return width > 0 && height > 0 ? { left, top, width, height } : undefined;
}

/** A picture in the middle of a viewport, as large as fits, mirrored where that is wanted; black around it. */
export function inViewport(picture: BytePicture, viewport: Viewport): BytePicture {
  const { width, height } = viewport;
  const size = fittingSize(picture, viewport);
  // single precision may round up
  const fitting = resized(turned(picture, viewport), Math.min(width, size.width), Math.min(height, size.height));
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  const stride = fitting.width * channels;
  const left = Math.floor((width - fitting.width) / 2);
  const top = Math.floor((height - fitting.height) / 2);
  for (let y = 0; y < fitting.height; y++) {
    data.set(fitting.data.subarray(y * stride, (y + 1) * stride), ((top + y) * width + left) * channels);
  }
  return { width, height, channels, data };
}

/** The nearest whole number of pixels, halves upwards. */
function whole(pixels: number): number {
  return Math.round(Math.abs(pixels));
}

/** A picture, mirrored as a viewport wants it. */
function turned(picture: BytePicture, { regionWidth = 0, regionHeight = 0 }: Viewport): BytePicture {
  if (regionWidth >= 0 && regionHeight >= 0) return picture;
  const { width, height, channels, data } = picture;
  const result = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    const row = (regionHeight < 0 ? height - 1 - y : y) * width;
    for (let x = 0; x < width; x++) {
      const from = (row + (regionWidth < 0 ? width - 1 - x : x)) * channels;
      for (let channel = 0; channel < channels; channel++) result[to++] = data[from + channel]!;
    }
  }
  return { ...picture, data: result };
}
