import { PixelDataError } from '../pixels/errors.js';
import { type PaletteTable } from '../pixels/palette.js';
import { hasPalette, type ShownFrame } from './shown-frame.js';
import { type Samples, samplesOf } from './samples.js';

/** Red, green and blue of each pixel together; 8 or 16 bits each. */
export type Rgb = Uint8Array | Uint16Array;

/**
 * The colours of a frame (PS3.3 C.7.6.3.1.2); those of a palette with 8 bits.
 * @throws PixelDataError `description` where the palette is missing, `unsupported` for signed samples and other forms
 */
export function rgbOf({ frame, palette }: ShownFrame): Rgb {
  const samples = samplesOf(frame);
  if (hasPalette(frame)) {
    if (!palette) throw new PixelDataError('description', 'The palette is missing');
    return coloured(samples, [palette.red, palette.green, palette.blue]);
  }
  if (!(samples instanceof Uint8Array) && !(samples instanceof Uint16Array)) {
    throw new PixelDataError('unsupported', 'Colours with a sign, or of more than 16 bits');
  }
  return frame.photometric.startsWith('YBR_') ? fromYbrFull(samples, frame.bitsStored) : samples;
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

/** PS3.3 C.7.6.3.1.2, YBR_FULL; what comes out is cut off, not rounded, and kept within the range. */
function fromYbrFull(ybr: Rgb, bits: number): Rgb {
  const largest = 2 ** bits - 1;
  const middle = 2 ** (bits - 1);
  const rgb = ybr instanceof Uint8Array ? new Uint8Array(ybr.length) : new Uint16Array(ybr.length);
  const within = (value: number): number => (value < 0 ? 0 : value > largest ? largest : value);
  for (let at = 0; at + 2 < ybr.length; at += 3) {
    const y = ybr[at]!;
    const cb = ybr[at + 1]! - middle;
    const cr = ybr[at + 2]! - middle;
    rgb[at] = within(y + 1.402 * cr);
    rgb[at + 1] = within(y - 0.344136 * cb - 0.714136 * cr);
    rgb[at + 2] = within(y + 1.772 * cb);
  }
  return rgb;
}
