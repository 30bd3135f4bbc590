import { type DecodedFrame } from '../pixels/decoded-frame.js';

/** A part of a frame, whole pixels, within its bounds. */
export interface PixelRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A part of an image by its corners, as fractions of its width and height from 0 to 1 (PS3.18 section 9.5.1.2.4.2). */
export interface FractionalRegion {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The pixels that lie in a region, those that it cuts included; at least one. */
export function pixelsIn(
  { columns, rows }: Pick<DecodedFrame, 'columns' | 'rows'>,
  { left, top, right, bottom }: FractionalRegion,
): PixelRegion {
  const [x, y] = [Math.min(columns - 1, Math.floor(left * columns)), Math.min(rows - 1, Math.floor(top * rows))];
  const width = Math.max(1, Math.ceil(right * columns) - x);
  return { left: x, top: y, width, height: Math.max(1, Math.ceil(bottom * rows) - y) };
}

/** A part of a frame as a frame of its own. */
export function croppedFrame(frame: DecodedFrame, { left, top, width, height }: PixelRegion): DecodedFrame {
  if (width === frame.columns && height === frame.rows) return frame;
  const pixel = (frame.samplesPerPixel * frame.bitsAllocated) / 8;
  const data = Buffer.alloc(width * height * pixel);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * frame.columns + left) * pixel;
    data.set(frame.data.subarray(start, start + width * pixel), row * width * pixel);
  }
  return { ...frame, columns: width, rows: height, data };
}
