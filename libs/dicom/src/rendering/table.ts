import { type Samples } from './samples.js';

const TABLE_SIZE = 0x10000;

/** Samples of which there may be more than values. */
export type TabledSamples = Uint16Array | Int16Array;

/** Whether there are more samples than they can have values, so that each value is better reckoned once. */
export function isTabled(samples: Samples): samples is TabledSamples {
  return samples.length > TABLE_SIZE && (samples instanceof Uint16Array || samples instanceof Int16Array);
}

/** The bytes of samples, each value reckoned once. @param reckon the bytes of all values there may be */
export function byTable(samples: TabledSamples, reckon: (values: TabledSamples) => Uint8Array): Uint8Array {
  const signed = samples instanceof Int16Array;
  const values = signed ? new Int16Array(TABLE_SIZE) : new Uint16Array(TABLE_SIZE);
  for (let value = 0; value < TABLE_SIZE; value++) values[value] = value;
  const table = reckon(values);
  const unsigned = signed ? new Uint16Array(samples.buffer, samples.byteOffset, samples.length) : samples;
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = table[unsigned[index]!]!;
  return bytes;
}
