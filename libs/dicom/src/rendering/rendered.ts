import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { type Window } from '../pixels/image-description.js';
import { rgb8Of } from './colours.js';
import { linearBytes, type LinearMap } from './linear.js';
import { type Picture } from './picture.js';
import { fittingSize, resized } from './resize.js';
import { samplesOf } from './samples.js';
import { isColour, isInverted, type ShownFrame } from './shown-frame.js';
import { smoothed } from './smooth.js';

/** How a frame is to be rendered. */
export interface Rendering {
  /** In rescaled values, in place of the window of the file. */
  readonly windowCenter?: number;
  readonly windowWidth?: number;
  /** The size that the picture must fit in, pixels; 0 or absent: as it comes. */
  readonly width?: number;
  readonly height?: number;
  /** Whether it is smoothed where it gets smaller. */
  readonly smooth: boolean;
}

/** Orthanc's smallest slope. */
const SMALLEST_SLOPE = 0.0001;

/**
 * A frame as a viewer shows it: rescaled, and through its window (PS3.3 C.11.1.1.2; the window in Orthanc's form, without
 * the half pixel of C.11.2.1.2). Colours are only resized.
 * @throws PixelDataError for what is neither grey nor in colour
 */
export function renderedPicture(shown: ShownFrame, rendering: Rendering): Picture {
  const { rows: height, columns: width } = shown.frame;
  const picture = isColour(shown.frame)
    ? { width, height, channels: 3 as const, data: rgb8Of(shown) }
    : { width, height, channels: 1 as const, data: linearBytes(samplesOf(shown.frame), windowMap(shown, rendering)) };
  const size = fittingSize(picture, rendering);
  if (size.width === width && size.height === height) return picture;
  const smaller = size.width < width || size.height < height;
  return resized(smaller && rendering.smooth ? smoothed(picture) : picture, size.width, size.height);
}

/** The window that is used where neither the request nor the file has one: all values that can be stored without a sign. */
export function defaultWindow({ bitsStored }: Pick<DecodedFrame, 'bitsStored'>): Window {
  return { center: 2 ** (bitsStored - 1), width: 2 ** bitsStored };
}

function windowMap(shown: ShownFrame, { windowCenter, windowWidth }: Rendering): LinearMap {
  const window = shown.windows[0] ?? defaultWindow(shown.frame);
  const center = windowCenter ?? window.center;
  const wanted = windowWidth ?? window.width;
  const width = wanted <= 1 ? 1 : wanted;
  const { slope: given, intercept } = shown.rescale ?? { slope: 1, intercept: 0 };
  const slope = Math.abs(given) <= SMALLEST_SLOPE ? SMALLEST_SLOPE : given;
  const scale = Math.fround((255 * slope) / width);
  const offset = Math.fround((intercept - center + width / 2) / slope);
  return { scale, offset: Math.fround(offset * scale), fractions: 'cut', inverted: isInverted(shown) };
}
