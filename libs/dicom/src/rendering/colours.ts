import { canBeRgb, rgbFrame } from '../pixels/colour.js';
import { PixelDataError } from '../pixels/errors.js';
import { type PaletteTable } from '../pixels/palette.js';
import { hasPalette, type ShownFrame } from './shown-frame.js';
import { type Samples, samplesOf } from './samples.js';

/** Red, green and blue of each pixel together; 8 or 16 bits each. */
export type Rgb = Uint8Array | Uint16Array;

/**
 * The colours of a frame (PS3.3 C.7.6.3.1.2); those of a palette with 8 bits.
 * @throws PixelDataError `description` where the palette is missing, `unsupported` for signed samples, other forms and colour models
 */
export function rgbOf({ frame: decoded, palette, fractions }: ShownFrame): Rgb {
  const frame = fractions === 'rounded' ? rgbFrame(decoded) : decoded;
  const samples = samplesOf(frame);
  if (hasPalette(frame)) {
    if (!palette) throw new PixelDataError('description', 'The palette is missing');
    return coloured(samples, [palette.red, palette.green, palette.blue]);
  }
  if (!canBeRgb(frame)) throw new PixelDataError('unsupported', 'The colour model');
  if (!(samples instanceof Uint8Array) && !(samples instanceof Uint16Array)) {
    throw new PixelDataError('unsupported', 'Colours with a sign, or of more than 16 bits');
  }
  return frame.photometric === 'YBR_FULL' ? fromYbrFull(samples, frame.bitsStored) : samples;
}

/** As `rgbOf`, of 16 bits the upper 8. */
export function rgb8Of(shown: ShownFrame): Uint8Array {
  const rgb = rgbOf(shown);
  if (rgb instanceof Uint8Array) return rgb;
  const shift = Math.max(0, shown.frame.bitsStored - 8);
  return Uint8Array.from(rgb, (value) => value >> shift);
}

/** PS3.3 C.7.6.3.1.5: what is outside the tables has the colour at their nearer end. */
function coloured(samples: Samples, tables: readonly PaletteTable[]): Uint8Array {
  const rgb = new Uint8Array(samples.length * 3);
  tables.forEach(({ values, firstValue, bits }, channel) => {
    const colours = Uint8Array.from(values, (value) => value >> (bits - 8));
    const last = colours.length - 1;
    for (let pixel = 0, at = channel; pixel < samples.length; pixel++, at += 3) {
      const index = samples[pixel]! - firstValue;
      rgb[at] = colours[index < 0 ? 0 : index > last ? last : index]!;
    }
  });
  return rgb;
}

/** The factors of the conversion (PS3.3 C.7.6.3.1.2) in single precision. */
const [CR_TO_RED, CB_TO_GREEN, CR_TO_GREEN, CB_TO_BLUE] = [1.402, 0.344136, 0.714136, 1.772].map(Math.fround) as [
  number,
  number,
  number,
  number,
];

/** Luminance and chrominance as colours, without their fractions, reckoned in single precision as Orthanc does. */
function fromYbrFull(ybr: Rgb, bits: number): Rgb {
  const largest = 2 ** bits - 1;
  const middle = 2 ** (bits - 1);
  const rgb = ybr instanceof Uint8Array ? new Uint8Array(ybr.length) : new Uint16Array(ybr.length);
  const within = (value: number): number => (value < 0 ? 0 : value > largest ? largest : value);
  for (let at = 0; at + 2 < ybr.length; at += 3) {
    const y = ybr[at]!;
    const cb = ybr[at + 1]! - middle;
    const cr = ybr[at + 2]! - middle;
    rgb[at] = within(Math.fround(y + Math.fround(CR_TO_RED * cr)));
    const green = Math.fround(y - Math.fround(CB_TO_GREEN * cb));
    rgb[at + 1] = within(Math.fround(green - Math.fround(CR_TO_GREEN * cr)));
    rgb[at + 2] = within(Math.fround(y + Math.fround(CB_TO_BLUE * cb)));
  }
  return rgb;
}
