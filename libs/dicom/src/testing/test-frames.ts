import { type DecodedFrame } from '../pixels/decoded-frame.js';

/** What a made-up frame is like. */
export interface TestFrame {
  readonly rows?: number;
  readonly columns?: number;
  readonly samples?: 1 | 3;
  readonly photometric?: string;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly signed?: boolean;
}

/** A frame of slopes and noise with all values of its range in it; the same whenever it is made. */
export function testFrame(wanted: TestFrame = {}): DecodedFrame {
  const {
    rows = 24,
    columns = 37,
    samples = 1,
    bitsAllocated = 8,
    bitsStored = bitsAllocated,
    signed = false,
  } = wanted;
  const size = bitsAllocated / 8;
  const data = Buffer.alloc(rows * columns * samples * size);
  const range = 2 ** bitsStored;
  let noise = 1;
  for (let index = 0; index < data.length / size; index++) {
    noise = (noise * 48271) % 0x7fffffff;
    const slope = Math.floor((index / (data.length / size)) * range);
    const value = (slope + (noise % Math.max(2, range / 16))) % range;
    if (signed) data.writeIntLE(value - range / 2, index * size, size);
    else data.writeUIntLE(value, index * size, size);
  }
  const photometric = wanted.photometric ?? (samples === 1 ? 'MONOCHROME2' : 'RGB');
  const highBit = bitsStored - 1;
  return {
    rows,
    columns,
    samplesPerPixel: samples,
    photometric,
    bitsAllocated,
    bitsStored,
    highBit,
    signed,
    kind: 'integer',
    data,
  };
}
