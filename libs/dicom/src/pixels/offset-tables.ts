import { type ByteRange, findElement, type HeaderModel, isByteRange, isInlineBytes } from '../header/model.js';
import { ITEM_HEADER_LENGTH, type ReadRange } from './fragment-walk.js';

/** A table of where frames start, counted from the first fragment on (PS3.5 section A.4, PS3.3 C.7.6.3.1.8). */
export interface OffsetTable {
  /** Bytes of an entry. */
  readonly entry: 4 | 8;
  /** Its bytes, or where they stand. */
  readonly data: Buffer | ByteRange;
}

const EXTENDED_OFFSET_TABLE = 0x7fe00001;

/**
 * The tables of an image that have an entry for each frame.
 * @param basic the range of the basic offset table's item
 */
export function offsetTables({ dataset }: HeaderModel, basic: ByteRange, frames: number): readonly OffsetTable[] {
  const value = findElement(dataset, EXTENDED_OFFSET_TABLE)?.[2];
  const tables: OffsetTable[] = [{ entry: 4, data: basic }];
  if (value && isByteRange(value)) tables.push({ entry: 8, data: value });
  else if (value && isInlineBytes(value)) tables.push({ entry: 8, data: Buffer.from(value.b, 'base64') });
  return tables.filter(({ entry, data }) => (Buffer.isBuffer(data) ? data.length : data.n) === entry * frames);
}

/**
 * The entries of a table, bytes from the first fragment on; undefined where it lies: frames follow each other from the
 * first fragment on, each with the header of a fragment at least.
 *
 * @param size of all fragments, or more, bytes
 */
export async function frameOffsets(
  { entry, data }: OffsetTable,
  size: number,
  read: ReadRange,
): Promise<Float64Array | undefined> {
  const bytes = Buffer.isBuffer(data) ? data : await read(data);
  if (!Buffer.isBuffer(data) && bytes.length < data.n) return undefined;
  const offsets = new Float64Array(bytes.length / entry);
  let earliest = 0;
  for (let index = 0; index < offsets.length; index++) {
    const offset = entry === 4 ? bytes.readUInt32LE(index * entry) : Number(bytes.readBigUInt64LE(index * entry));
    if (offset < earliest || offset + ITEM_HEADER_LENGTH > size) return undefined;
    offsets[index] = offset;
    earliest = offset + ITEM_HEADER_LENGTH;
  }
  return offsets[0] === 0 ? offsets : undefined;
}
