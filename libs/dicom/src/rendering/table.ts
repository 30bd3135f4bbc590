import { type Samples } from './samples.js';

/** Samples of so many bits that a table of all values is small. */
export type TabledSamples = Uint16Array | Int16Array;

const TABLE_SIZE = 0x10000;
const MASK = TABLE_SIZE - 1;
const SIGN = 0x8000;

/** Whether there are more samples than they can have values, so that each value is better reckoned once. */
export function isTabled(samples: Samples): samples is TabledSamples {
  return samples.length > TABLE_SIZE && (samples instanceof Uint16Array || samples instanceof Int16Array);
}

// Loops over one type of array each: one for several would look at the type of every sample. Lengths are read once, and
// four samples at a time are looked at.

/** The smallest and the largest that samples can be. */
export function limitsOf(samples: TabledSamples): readonly [low: number, high: number] {
  return samples instanceof Int16Array ? [-SIGN, SIGN - 1] : [0, MASK];
}

/** The smallest and the largest of samples that there are. */
export function rangeOfTabled(samples: TabledSamples): readonly [low: number, high: number] {
  // with the sign turned over, negative numbers come before the others
  const flip = samples instanceof Int16Array ? SIGN : 0;
  const [low, high] = rangeOfWords(wordsOf(samples), flip);
  return [low - flip, high - flip];
}

function rangeOfWords(words: Uint16Array, flip: number): readonly [low: number, high: number] {
  const { length } = words;
  const fours = length - (length % 4);
  let low = MASK;
  let high = 0;
  for (let index = 0; index < fours; index += 4) {
    const a = words[index]! ^ flip;
    const b = words[index + 1]! ^ flip;
    const c = words[index + 2]! ^ flip;
    const d = words[index + 3]! ^ flip;
    const least = Math.min(Math.min(a, b), Math.min(c, d));
    const most = Math.max(Math.max(a, b), Math.max(c, d));
    if (least < low) low = least;
    if (most > high) high = most;
  }
  for (let index = fours; index < length; index++) {
    const value = words[index]! ^ flip;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * The bytes of samples, each value reckoned once.
 * @param low none of them is smaller
 * @param high nor larger
 * @param reckon the byte of a value; fractions are cut off
 */
export function byTable(
  samples: TabledSamples,
  [low, high]: readonly [low: number, high: number],
  reckon: (value: number) => number,
): Uint8Array {
  const size = high - low + 1;
  const table = new Uint8Array(size);
  for (let index = 0; index < size; index++) table[index] = reckon(low + index);
  return lookedUp(wordsOf(samples), table, low);
}

function lookedUp(words: Uint16Array, table: Uint8Array, low: number): Uint8Array {
  const { length } = words;
  const bytes = new Uint8Array(length);
  const fours = length - (length % 4);
  for (let index = 0; index < fours; index += 4) {
    bytes[index] = table[(words[index]! - low) & MASK]!;
    bytes[index + 1] = table[(words[index + 1]! - low) & MASK]!;
    bytes[index + 2] = table[(words[index + 2]! - low) & MASK]!;
    bytes[index + 3] = table[(words[index + 3]! - low) & MASK]!;
  }
  for (let index = fours; index < length; index++) bytes[index] = table[(words[index]! - low) & MASK]!;
  return bytes;
}

function wordsOf({ buffer, byteOffset, length }: TabledSamples): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length);
}
