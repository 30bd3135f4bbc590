import { type Samples } from './samples.js';

const TABLE_SIZE = 0x10000;

/** Samples of which there may be more than values. */
export type TabledSamples = Uint16Array | Int16Array;

/** Whether there are more samples than they can have values, so that each value is better reckoned once. */
export function isTabled(samples: Samples): samples is TabledSamples {
  return samples.length > TABLE_SIZE && (samples instanceof Uint16Array || samples instanceof Int16Array);
}

/**
 * The bytes of samples, each value reckoned once.
 * @param low the smallest of them
 * @param high the largest
 * @param reckon the bytes of the values between
 */
export function byTable(
  samples: TabledSamples,
  [low, high]: readonly [low: number, high: number],
  reckon: (values: TabledSamples) => Uint8Array,
): Uint8Array {
  const values = samples instanceof Int16Array ? new Int16Array(high - low + 1) : new Uint16Array(high - low + 1);
  for (let index = 0; index < values.length; index++) values[index] = low + index;
  const table = reckon(values);
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = table[samples[index]! - low]!;
  return bytes;
}
