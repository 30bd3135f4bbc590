import { type Samples } from './samples.js';
import { byTable, isTabled, limitsOf, rangeOfTabled } from './table.js';

/** Grey values from numbers: `scale` times the number plus `offset`, in single precision as Orthanc reckons. */
export interface LinearMap {
  readonly scale: number;
  readonly offset: number;
  /** What becomes of a fraction. */
  readonly fractions: 'cut' | 'rounded';
}

/** The smallest and the largest of some numbers, those that are not finite apart; 0 and 0 when there is none. */
export function rangeOf(samples: Samples): readonly [low: number, high: number] {
  if (isTabled(samples)) return rangeOfTabled(samples);
  const real = samples instanceof Float32Array || samples instanceof Float64Array;
  return real ? rangeOfReals(samples) : rangeOfIntegers(samples);
}

function rangeOfIntegers(samples: Exclude<Samples, Float32Array | Float64Array>): readonly [low: number, high: number] {
  const { length } = samples;
  let low = samples[0] ?? 0;
  let high = low;
  for (let index = 1; index < length; index++) {
    const value = samples[index]!;
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  return [low, high];
}

function rangeOfReals(samples: Float32Array | Float64Array): readonly [low: number, high: number] {
  const { length } = samples;
  let low = Infinity;
  let high = -Infinity;
  for (let index = 0; index < length; index++) {
    const value = samples[index]!;
    if (value < low && value !== -Infinity) low = value;
    if (value > high && value !== Infinity) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/**
 * Maps numbers to 0 … 255; what is beyond becomes 0 or 255.
 * @param range of the samples, where it is known
 */
export function linearBytes(
  samples: Samples,
  map: LinearMap,
  range?: readonly [low: number, high: number],
): Uint8Array {
  const scale = Math.fround(map.scale);
  const offset = Math.fround(map.offset);
  const half = map.fractions === 'rounded' ? 0.5 : 0;
  const byteOf = (sample: number): number => {
    const value = Math.fround(Math.fround(scale * sample) + offset);
    return value >= 255 ? 255 : value <= 0 ? 0 : value + half;
  };
  if (isTabled(samples)) return byTable(samples, range ?? limitsOf(samples), byteOf);
  const { length } = samples;
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = byteOf(samples[index]!);
  return bytes;
}
