import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { PixelDataError } from '../pixels/errors.js';
import { frameValues } from '../pixels/functional-groups.js';
import { type ImageDescription } from '../pixels/image-description.js';
import { type HeaderModel } from '../header/model.js';
import { type Palette } from '../pixels/palette.js';

/** A frame, and what of its data set says how to show it. */
export interface ShownFrame {
  readonly frame: DecodedFrame;
  readonly palette?: Palette;
  /** In force for this frame. */
  readonly rescale?: ImageDescription['rescale'];
  /** In force for this frame; the first counts. */
  readonly windows: ImageDescription['windows'];
  /** What becomes of fractions where luminance and chrominance turn into colours. */
  readonly fractions: 'cut' | 'rounded';
}

/** The transfer syntaxes whose decoders turn luminance and chrominance into colours by themselves: lossy JPEG. */
const ROUNDING: ReadonlySet<string> = new Set(['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51']);

/**
 * A decoded frame as it is to be shown.
 * @param decoded the frame and the header of its data set
 * @param index of the frame, from 0 on
 */
export function shownFrame(
  { frame, model, palette }: Pick<ShownFrame, 'frame' | 'palette'> & { readonly model: HeaderModel },
  index: number,
): ShownFrame {
  const fractions = ROUNDING.has(model.syntax) ? 'rounded' : 'cut';
  return { frame, ...frameValues(model, index), fractions, ...(palette && { palette }) };
}

/** What tells colours from grey values. */
type Form = Pick<DecodedFrame, 'samplesPerPixel' | 'photometric'>;

const PALETTE_COLOR = 'PALETTE COLOR';

/** Whether pixels are indices into a palette (PS3.3 C.7.6.3.1.2). */
export function hasPalette({ photometric, samplesPerPixel }: Form): boolean {
  return samplesPerPixel === 1 && photometric === PALETTE_COLOR;
}

/**
 * Whether a frame has colours: three samples a pixel, or a palette.
 * @throws PixelDataError `unsupported` where it is neither grey nor one of these
 */
export function isColour(form: Form): boolean {
  if (form.samplesPerPixel !== 1 && form.samplesPerPixel !== 3) {
    throw new PixelDataError('unsupported', `${form.samplesPerPixel} samples per pixel`);
  }
  return form.samplesPerPixel === 3 || hasPalette(form);
}

/** Whether the smallest value is white. */
export function isInverted({ frame }: ShownFrame): boolean {
  return frame.photometric === 'MONOCHROME1';
}
