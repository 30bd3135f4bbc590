import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { type Window } from '../pixels/image-description.js';
import { rgb8Of } from './colours.js';
import { linearBytes, type LinearMap } from './linear.js';
import { type BytePicture, inverted, type Picture } from './picture.js';
import { croppedFrame, type FractionalRegion, pixelsIn } from './region.js';
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
  /** What is shown of the image; absent: all of it. */
  readonly region?: FractionalRegion;
}

/** Orthanc's smallest slope. */
const SMALLEST_SLOPE = 0.0001;

/**
 * A frame as a viewer shows it: rescaled, and through its window (PS3.3 C.11.1.1.2; the window in Orthanc's form, without
 * the half pixel of C.11.2.1.2). Colours are only resized.
 * @throws PixelDataError for what is neither grey nor in colour
 */
export function renderedPicture(whole: ShownFrame, rendering: Rendering): Picture {
  const shown = rendering.region ? partOf(whole, rendering.region) : whole;
  const { rows: height, columns: width } = shown.frame;
  if (isColour(shown.frame)) return fitted({ width, height, channels: 3, data: rgb8Of(shown) }, rendering);
  const data = linearBytes(samplesOf(shown.frame), windowMap(shown, rendering));
  const picture = fitted({ width, height, channels: 1, data }, rendering);
  // last, as the fractions of what is smoothed are cut off before
  return isInverted(shown) ? inverted(picture) : picture;
}

/** The size of the picture that comes of a frame, pixels. */
export function renderedSize(
  frame: Pick<DecodedFrame, 'columns' | 'rows'>,
  rendering: Rendering,
): Pick<Picture, 'width' | 'height'> {
  const { columns: width, rows: height } = frame;
  return fittingSize(rendering.region ? pixelsIn(frame, rendering.region) : { width, height }, rendering);
}

function partOf(shown: ShownFrame, region: FractionalRegion): ShownFrame {
  return { ...shown, frame: croppedFrame(shown.frame, pixelsIn(shown.frame, region)) };
}

/** A picture in the size that is wanted. */
function fitted(picture: BytePicture, rendering: Rendering): BytePicture {
  const { width, height } = fittingSize(picture, rendering);
  if (width === picture.width && height === picture.height) return picture;
  const smaller = width < picture.width || height < picture.height;
  return resized(smaller && rendering.smooth ? smoothed(picture) : picture, width, height);
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
  return { scale, offset: Math.fround(offset * scale), fractions: 'cut' };
}
