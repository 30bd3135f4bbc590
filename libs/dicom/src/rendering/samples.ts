import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { PixelDataError } from '../pixels/errors.js';

/** The numbers of a frame, row by row, the samples of a pixel together. */
export type Samples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

type SamplesConstructor = { readonly BYTES_PER_ELEMENT: number } & (new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
) => Samples);

const UNSIGNED: Readonly<Record<number, SamplesConstructor>> = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array };
const SIGNED: Readonly<Record<number, SamplesConstructor>> = { 8: Int8Array, 16: Int16Array, 32: Int32Array };
const REAL: Readonly<Record<number, SamplesConstructor>> = { 32: Float32Array, 64: Float64Array };

/** The constructor of the array that a frame's samples fit in. @throws PixelDataError `unsupported` for 64-bit integers */
export function samplesConstructor({
  kind,
  signed,
  bitsAllocated,
}: Pick<DecodedFrame, 'kind' | 'signed' | 'bitsAllocated'>): SamplesConstructor {
  const constructors = kind !== 'integer' ? REAL : signed ? SIGNED : UNSIGNED;
  const constructor = constructors[bitsAllocated];
  if (!constructor) throw new PixelDataError('unsupported', `Samples of ${bitsAllocated} bits`);
  return constructor;
}

/** The value of a pixel of one bit that is set, as Orthanc shows it. */
const SET_BIT = 255;

/** Whether samples are single bits, decoded to a byte each. */
export function isBitmap({ bitsStored, bitsAllocated }: Pick<DecodedFrame, 'bitsStored' | 'bitsAllocated'>): boolean {
  return bitsStored === 1 && bitsAllocated === 8;
}

/**
 * The samples of a frame, single bits as 0 and 255; the frame's own memory where that is possible.
 * @throws PixelDataError `unsupported` for 64-bit integers, `codestream` where the frame has too few bytes
 */
export function samplesOf(frame: DecodedFrame): Samples {
  const constructor = samplesConstructor(frame);
  const count = frame.rows * frame.columns * frame.samplesPerPixel;
  const { data } = frame;
  if (data.length < count * constructor.BYTES_PER_ELEMENT) {
    throw new PixelDataError('codestream', 'A frame is shorter than its size says');
  }
  if (isBitmap(frame)) return Uint8Array.from(data.subarray(0, count), (bit) => (bit === 0 ? 0 : SET_BIT));
  if (data.byteOffset % constructor.BYTES_PER_ELEMENT === 0) {
    return new constructor(data.buffer, data.byteOffset, count);
  }
  const copy = Uint8Array.prototype.slice.call(data, 0, count * constructor.BYTES_PER_ELEMENT);
  return new constructor(copy.buffer, 0, count);
}
