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
}

/** Largest value of a pixel of one bit, as Orthanc shows it. */
const WHITE = 255;

/**
 * A decoded frame as it is to be shown.
 * @param image of the data set, and its header
 * @param index of the frame, from 0 on
 */
export function shownFrame(
  decoded: {
    readonly frame: DecodedFrame;
    readonly image: ImageDescription;
    readonly model: HeaderModel;
    readonly palette?: Palette;
  },
  index: number,
): ShownFrame {
  const { image, model, palette } = decoded;
  const frame = image.bitsAllocated === 1 ? blackAndWhite(decoded.frame) : decoded.frame;
  return { frame, ...frameValues(model, index), ...(palette && { palette }) };
}

function blackAndWhite(frame: DecodedFrame): DecodedFrame {
  return { ...frame, data: Buffer.from(frame.data.map((bit) => (bit === 0 ? 0 : WHITE))) };
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
