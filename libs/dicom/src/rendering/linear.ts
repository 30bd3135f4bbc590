import { type Samples } from './samples.js';

/** Grey values from numbers: `scale` times the number plus `offset`, in single precision as Orthanc reckons. */
export interface LinearMap {
  readonly scale: number;
  readonly offset: number;
  /** What becomes of a fraction. */
  readonly fractions: 'cut' | 'rounded';
}

/** The smallest and the largest of some numbers, those that are not finite apart; 0 and 0 when there is none. */
export function rangeOf(samples: Samples): readonly [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  const finite = !(samples instanceof Float32Array || samples instanceof Float64Array);
  for (let index = 0; index < samples.length; index++) {
    const value = samples[index]!;
    if (value < low && (finite || value !== -Infinity)) low = value;
    if (value > high && (finite || value !== Infinity)) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** Maps numbers to 0 … 255; what is beyond becomes 0 or 255. */
export function linearBytes(samples: Samples, map: LinearMap): Uint8Array {
  const bytes = new Uint8Array(samples.length);
  const scale = Math.fround(map.scale);
  const offset = Math.fround(map.offset);
  const half = map.fractions === 'rounded' ? 0.5 : 0;
  if (samples.length > TABLE_SIZE && (samples instanceof Uint16Array || samples instanceof Int16Array)) {
    return fromTable(samples, bytes, map);
  }
  for (let index = 0; index < samples.length; index++) {
    const value = Math.fround(Math.fround(scale * samples[index]!) + offset);
    bytes[index] = value >= 255 ? 255 : value <= 0 ? 0 : value + half;
  }
  return bytes;
}

const TABLE_SIZE = 0x10000;

/** Where there are more samples than values, each value is reckoned once. */
function fromTable(samples: Uint16Array | Int16Array, bytes: Uint8Array, map: LinearMap): Uint8Array {
  const signed = samples instanceof Int16Array;
  const values = signed ? new Int16Array(TABLE_SIZE) : new Uint16Array(TABLE_SIZE);
  for (let value = 0; value < TABLE_SIZE; value++) values[value] = value;
  const table = linearBytes(values, map);
  const unsigned = signed ? new Uint16Array(samples.buffer, samples.byteOffset, samples.length) : samples;
  for (let index = 0; index < bytes.length; index++) bytes[index] = table[unsigned[index]!]!;
  return bytes;
}
