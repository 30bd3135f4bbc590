import { PixelDataError } from '../pixels/errors.js';
import { type Picture } from './picture.js';
import { type Samples, samplesOf } from './samples.js';
import { isColour, type ShownFrame } from './shown-frame.js';

/** The integers to which values can be cut off. */
export type ClippedType = 'uint8' | 'uint16' | 'int16';

type ClippedSamples = Uint8Array | Uint16Array | Int16Array;

const TYPES: Readonly<Record<ClippedType, readonly [low: number, high: number, make: (n: number) => ClippedSamples]>> =
  {
    uint8: [0, 0xff, (length) => new Uint8Array(length)],
    uint16: [0, 0xffff, (length) => new Uint16Array(length)],
    int16: [-0x8000, 0x7fff, (length) => new Int16Array(length)],
  };

/**
 * The stored values of a grey frame, those beyond the type's range set to its ends. Negative ones of `int16` are in two's
 * complement: pictures have no sign.
 * @throws PixelDataError `unsupported` for colours
 */
export function clippedPicture({ frame }: ShownFrame, type: ClippedType): Picture {
  if (isColour(frame)) throw new PixelDataError('unsupported', 'Colours have no single value');
  const { rows: height, columns: width } = frame;
  const clipped = clip(samplesOf(frame), type);
  const data =
    clipped instanceof Int16Array ? new Uint16Array(clipped.buffer, clipped.byteOffset, clipped.length) : clipped;
  return { width, height, channels: 1, data };
}

function clip(samples: Samples, type: ClippedType): ClippedSamples {
  const [low, high, make] = TYPES[type];
  const result = make(samples.length);
  if (samples.constructor === result.constructor) return samples as ClippedSamples;
  for (let index = 0; index < samples.length; index++) {
    const value = samples[index]!;
    result[index] = value < low ? low : value > high ? high : value;
  }
  return result;
}
