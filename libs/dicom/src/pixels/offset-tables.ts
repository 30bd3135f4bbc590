import { type ByteRange, findElement, type HeaderModel, isByteRange, isInlineBytes } from '../header/model.js';
import { type ReadRange } from './fragment-walk.js';

/** A table of where frames start, counted from the first fragment on (PS3.5 section A.4, PS3.3 C.7.6.3.1.8). */
export interface OffsetTable {
  /** Whether there is an entry for each frame. */
  readonly fits: boolean;
  /** The offset of a frame, bytes. */
  offset(frame: number): Promise<number>;
}

const EXTENDED_OFFSET_TABLE = 0x7fe00001;

function table(size: 4 | 8, frames: number, data: Buffer | ByteRange, read: ReadRange): OffsetTable {
  const length = Buffer.isBuffer(data) ? data.length : data.n;
  return {
    fits: length === frames * size,
    offset: async (frame) => {
      const at = frame * size;
      const entry = Buffer.isBuffer(data) ? data.subarray(at, at + size) : await read({ o: data.o + at, n: size });
      if (entry.length < size) return NaN;
      return size === 4 ? entry.readUInt32LE(0) : Number(entry.readBigUInt64LE(0));
    },
  };
}

/** The basic offset table, by the range of its item. */
export function basicOffsetTable(item: ByteRange, frames: number, read: ReadRange): OffsetTable {
  return table(4, frames, item, read);
}

/** The extended offset table of a header, where there is one. */
export function extendedOffsetTable(
  { dataset }: HeaderModel,
  frames: number,
  read: ReadRange,
): OffsetTable | undefined {
  const value = findElement(dataset, EXTENDED_OFFSET_TABLE)?.[2];
  if (!value) return undefined;
  if (isByteRange(value)) return table(8, frames, value, read);
  return isInlineBytes(value) ? table(8, frames, Buffer.from(value.b, 'base64'), read) : undefined;
}
