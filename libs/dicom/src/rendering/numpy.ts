import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { rgbOf } from './colours.js';
import { physicalValues } from './physical-values.js';
import { samplesConstructor, samplesOf } from './samples.js';
import { hasPalette, isColour, type ShownFrame } from './shown-frame.js';

/** The type of numbers in a numpy array, as its files write it. */
export type NumpyType = '<u1' | '<i1' | '<u2' | '<i2' | '<u4' | '<i4' | '<f4' | '<f8';

/** What is the same for all frames of an array. */
export interface NumpyFormat {
  readonly rows: number;
  readonly columns: number;
  readonly channels: 1 | 3;
  readonly type: NumpyType;
}

const TYPES: ReadonlyMap<unknown, NumpyType> = new Map<unknown, NumpyType>([
  [Uint8Array, '<u1'],
  [Int8Array, '<i1'],
  [Uint16Array, '<u2'],
  [Int16Array, '<i2'],
  [Uint32Array, '<u4'],
  [Int32Array, '<i4'],
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
]);

/** Headers are filled up to a multiple of this. */
const ALIGNMENT = 64;
const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');

/** Bytes of a number. */
export function numpyTypeSize(type: NumpyType): number {
  return Number(type[2]);
}

/** Bytes of a frame. */
export function numpyFrameSize({ rows, columns, channels, type }: NumpyFormat): number {
  return rows * columns * channels * numpyTypeSize(type);
}

/**
 * The format in which a frame goes into an array.
 * @param rescaled whether grey values become physical ones
 * @throws PixelDataError for what is neither grey nor in colour
 */
export function numpyFormat(frame: DecodedFrame, rescaled: boolean): NumpyFormat {
  const { rows, columns } = frame;
  if (hasPalette(frame)) return { rows, columns, channels: 3, type: '<u1' };
  if (isColour(frame)) return { rows, columns, channels: 3, type: TYPES.get(samplesConstructor(frame))! };
  return { rows, columns, channels: 1, type: rescaled ? '<f4' : TYPES.get(samplesConstructor(frame))! };
}

/**
 * The numbers of a frame for an array, little endian: colours, the stored values, or `rescaled` the physical ones in single
 * precision.
 * @throws PixelDataError for what is neither grey nor in colour
 */
export function numpyFrame(shown: ShownFrame, rescaled: boolean): Uint8Array {
  const samples = isColour(shown.frame) ? rgbOf(shown) : rescaled ? physicalValues(shown) : samplesOf(shown.frame);
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/**
 * What stands in front of the numbers of a `.npy` file (numpy.lib.format, version 1.0).
 * @param frames absent: the array is of one frame and has no dimension for them
 */
export function numpyHeader({ rows, columns, channels, type }: NumpyFormat, frames?: number): Buffer {
  const shape = `${frames === undefined ? '' : `${frames}, `}${rows},${columns},${channels}`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  const start = MAGIC.length + 2;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = Buffer.alloc(length, ' ');
  MAGIC.copy(header);
  header.writeUInt16LE(length - start, MAGIC.length);
  header.write(text, start, 'latin1');
  header.write('\n', length - 1, 'latin1');
  return header;
}
