import { rgb8Of } from './colours.js';
import { rangeOf } from './linear.js';
import { type BytePicture, inverted } from './picture.js';
import { croppedFrame } from './region.js';
import { type Samples, samplesOf } from './samples.js';
import { isColour, isInverted, type ShownFrame } from './shown-frame.js';
import { byTable, isTabled } from './table.js';
import { inViewport, shownPixels, type Viewport } from './viewport.js';
import { type FunctionalWindow, windowFunction } from './window-function.js';

/** What a client of DICOMweb asks of a rendered frame (PS3.18 section 8.3.5). */
export interface WebRendering {
  /** Without one, the smallest value that is shown is black and the largest white. */
  readonly window?: FunctionalWindow;
  /** Without one, the picture has the frame's size. */
  readonly viewport?: Viewport;
}

/**
 * A frame as Orthanc's DICOMweb plugin renders it: rescaled, through the window of the request, in its viewport. Colours
 * have no window.
 * @throws PixelDataError for what is neither grey nor in colour
 */
export function webPicture(shown: ShownFrame, { window, viewport }: WebRendering): BytePicture {
  if (!viewport) return wholePicture(shown, window);
  const region = shownPixels(shown.frame, viewport);
  const { width, height } = viewport;
  if (!region) return { width, height, channels: 1, data: new Uint8Array(width * height) };
  return inViewport(wholePicture({ ...shown, frame: croppedFrame(shown.frame, region) }, window), viewport);
}

function wholePicture(shown: ShownFrame, window: FunctionalWindow | undefined): BytePicture {
  const { rows: height, columns: width } = shown.frame;
  if (isColour(shown.frame)) return { width, height, channels: 3, data: rgb8Of(shown) };
  const samples = samplesOf(shown.frame);
  const range = rangeOf(samples);
  const rescaled = rescaling(shown);
  const grey = window ? windowFunction(window) : stretching(range.map(rescaled) as [number, number]);
  const data = greyBytes(samples, range, (value) => grey(rescaled(value)));
  const picture = { width, height, channels: 1 as const, data };
  return isInverted(shown) ? inverted(picture) : picture;
}

/** Rescales in single precision, as Orthanc does. */
function rescaling({ rescale }: ShownFrame): (value: number) => number {
  if (!rescale) return Math.fround;
  const [slope, intercept] = [Math.fround(rescale.slope), Math.fround(rescale.intercept)];
  return (value) => Math.fround(Math.fround(value * slope) + intercept);
}

/** All values in sight. @param range what the smallest and the largest sample stand for: black, and white */
function stretching([low, high]: readonly [number, number]): (value: number) => number {
  const scale = low === high ? 0 : Math.fround(255 / Math.fround(high - low));
  const offset = Math.fround(Math.fround(-low) * scale);
  return (value) => Math.fround(Math.fround(scale * value) + offset);
}

/** Fractions are rounded; what is no number is black. */
function greyBytes(samples: Samples, range: readonly [number, number], grey: (value: number) => number): Uint8Array {
  const byteOf = (sample: number): number => {
    const value = grey(sample);
    return value >= 255 ? 255 : value > 0 ? value + 0.5 : 0;
  };
  if (isTabled(samples)) return byTable(samples, range, byteOf);
  const { length } = samples;
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = byteOf(samples[index]!);
  return bytes;
}
