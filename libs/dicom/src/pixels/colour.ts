import { type DecodedFrame } from './decoded-frame.js';

/** The factors of the conversion (PS3.3 C.7.6.3.1.2) times 2^16, rounded as the JPEG Group's software does it. */
const [CR_TO_RED, CB_TO_GREEN, CR_TO_GREEN, CB_TO_BLUE] = [91881, 22554, 46802, 116130];
const [ONE, HALF] = [0x10000, 0x8000];

/**
 * What three samples may be for colours to be made of them (PS3.3 C.7.6.3.1.2). Where the image says grey, or nothing, they
 * are taken for red, green and blue, as Orthanc does.
 */
const COLOUR_MODELS: ReadonlySet<string> = new Set(['RGB', 'YBR_FULL', 'MONOCHROME1', 'MONOCHROME2', '']);

/** Whether red, green and blue can be had of a frame of three samples a pixel: of all other colour models nothing is made. */
export function canBeRgb({ photometric }: Pick<DecodedFrame, 'photometric'>): boolean {
  return COLOUR_MODELS.has(photometric);
}

/** A sample in its range. */
function clamped(value: number, highest: number): number {
  return value < 0 ? 0 : value > highest ? highest : value;
}

/**
 * The frame in red, green and blue where it is in luminance and chrominance (YBR_FULL, PS3.3 C.7.6.3.1.2), else as it
 * is. Not for palettes, nor for more than 16 bits.
 */
export function rgbFrame(frame: DecodedFrame): DecodedFrame {
  const { photometric, samplesPerPixel, bitsAllocated, bitsStored } = frame;
  if (photometric !== 'YBR_FULL' || samplesPerPixel !== 3 || bitsAllocated > 16) return frame;
  const from = bitsAllocated === 8 ? frame.data : words(frame.data);
  const to = bitsAllocated === 8 ? Buffer.allocUnsafe(from.length) : new Uint16Array(from.length);
  const [half, highest] = [2 ** (bitsStored - 1), 2 ** bitsStored - 1];
  for (let at = 0; at + 2 < from.length; at += 3) {
    const [y, cb, cr] = [from[at]!, from[at + 1]! - half, from[at + 2]! - half];
    to[at] = clamped(y + Math.floor((CR_TO_RED * cr + HALF) / ONE), highest);
    to[at + 1] = clamped(y + Math.floor((HALF - CB_TO_GREEN * cb - CR_TO_GREEN * cr) / ONE), highest);
    to[at + 2] = clamped(y + Math.floor((CB_TO_BLUE * cb + HALF) / ONE), highest);
  }
  const data = to instanceof Uint16Array ? Buffer.from(to.buffer) : to;
  return { ...frame, photometric: 'RGB', data };
}

function words(bytes: Buffer): Uint16Array {
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
