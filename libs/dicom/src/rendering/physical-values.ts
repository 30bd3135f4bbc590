import { type ShownFrame } from './shown-frame.js';
import { isBitmap, type Samples, samplesOf } from './samples.js';

/** What turns stored values into physical ones (PS3.3 C.11.1.1.2), in single precision. */
interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** A value for each pattern of so many bits. */
interface Table extends Line {
  readonly bits: number;
  readonly signed: boolean;
  readonly values: Float32Array;
}

/** Samples of more bits are not looked up: a table must stay in the processor's cache. */
const LONGEST_PATTERN = 16;
/** Single precision holds integers of so many bits exactly. */
const EXACT_BITS = 24;

/** The frames of a series mostly have one table in common. */
let last: Table | undefined;

function tableFor(bits: number, signed: boolean, { slope, intercept }: Line): Float32Array {
  const known = last;
  if (known?.bits === bits && known.signed === signed && known.slope === slope && known.intercept === intercept) {
    return known.values;
  }
  const values = new Float32Array(2 ** bits);
  const negative = signed ? 2 ** (bits - 1) : Infinity;
  for (let pattern = 0; pattern < values.length; pattern++) {
    values[pattern] = pattern < negative ? pattern : pattern - values.length;
  }
  rescale(values, { slope, intercept });
  last = { bits, signed, slope, intercept, values };
  return values;
}

// A loop for each type of array: one for all would look at the type of every sample. Lengths are read once: once memory
// was given back in this process, each look at an array's length asks whether that still has its memory.

function rescale(values: Float32Array, { slope, intercept }: Line): void {
  const { length } = values;
  for (let index = 0; index < length; index++) values[index] = Math.fround(slope * values[index]!) + intercept;
}

function lookUpWords(words: Uint16Array, table: Float32Array, values: Float32Array): void {
  const mask = table.length - 1;
  const { length } = words;
  const fours = length - (length % 4);
  for (let index = 0; index < fours; index += 4) {
    values[index] = table[words[index]! & mask]!;
    values[index + 1] = table[words[index + 1]! & mask]!;
    values[index + 2] = table[words[index + 2]! & mask]!;
    values[index + 3] = table[words[index + 3]! & mask]!;
  }
  for (let index = fours; index < length; index++) values[index] = table[words[index]! & mask]!;
}

function lookUpBytes(bytes: Uint8Array, table: Float32Array, values: Float32Array): void {
  const mask = table.length - 1;
  const { length } = bytes;
  for (let index = 0; index < length; index++) values[index] = table[bytes[index]! & mask]!;
}

/** Numbers that are written all over: whatever the memory held before. */
function uninitialized(count: number): Float32Array {
  return new Float32Array(Buffer.allocUnsafeSlow(4 * count).buffer);
}

/** The physical values of a frame's samples in single precision, in memory of their own. @throws PixelDataError */
export function physicalValues({ frame, rescale: line }: ShownFrame): Float32Array {
  const samples: Samples = samplesOf(frame);
  const slope = Math.fround(line?.slope ?? 1);
  const intercept = Math.fround(line?.intercept ?? 0);
  const values = uninitialized(samples.length);
  if (slope === 1 && intercept === 0) {
    values.set(samples);
    return values;
  }
  const { bitsStored, signed, kind } = frame;
  // single bits are shown as 0 and 255
  const bitmap = isBitmap(frame);
  const bits = bitmap ? 8 : bitsStored;
  const { length, BYTES_PER_ELEMENT: size, buffer, byteOffset } = samples;
  if (kind === 'integer' && size <= 2 && bits <= LONGEST_PATTERN && length >= 2 ** bits) {
    const table = tableFor(bits, signed && !bitmap, { slope, intercept });
    if (size === 1) lookUpBytes(new Uint8Array(buffer, byteOffset, length), table, values);
    else lookUpWords(new Uint16Array(buffer, byteOffset, length), table, values);
    return values;
  }
  const exact = kind === 'integer' ? bits <= EXACT_BITS : size === Float32Array.BYTES_PER_ELEMENT;
  if (exact) {
    values.set(samples);
    rescale(values, { slope, intercept });
  } else {
    for (let index = 0; index < length; index++) values[index] = Math.fround(slope * samples[index]!) + intercept;
  }
  return values;
}
