import { crc32 } from 'node:zlib';
import { passing } from '../load/passing.js';
import type { Deflater } from './deflater.js';

/** Files up to this size go through in one piece, larger ones in pieces of it, bytes. */
export const PART_SIZE = 1024 * 1024;
/** The longest block of a deflate stream that is not compressed (RFC 1951 section 3.2.4). */
const MAX_STORED_BLOCK = 0xffff;
/** An empty last block with fixed codes, which ends a deflate stream whose last part did not. */
const END_OF_STREAM = Buffer.from([3, 0]);

/** The data of an entry as it goes into the archive. */
export interface EntryData {
  readonly method: 0 | 8;
  readonly crc: number;
  readonly size: number;
  readonly data: readonly Buffer[];
  readonly compressedSize: number;
}

/** How the data of entries are made. */
export interface Packing {
  /** 0: stored, 1 (fastest) to 9 (smallest). */
  readonly level: number;
  readonly deflater: Deflater;
  /** Aborted when nobody wants the archive any more. */
  readonly abandoned?: AbortSignal;
}

/** Packs a file that is in memory, which is the archive's from then on. */
export async function packWhole(file: Buffer, { level, deflater, abandoned }: Packing): Promise<EntryData> {
  const crc = crc32(file);
  const size = file.length;
  if (level === 0 || size === 0) return { method: 0, crc, size, data: [passing(file)], compressedSize: size };
  const parts: Promise<Buffer>[] = [];
  for (let at = 0; at < size; at += PART_SIZE) {
    const end = Math.min(at + PART_SIZE, size);
    parts.push(deflater.part(file.subarray(at, end), level, end === size, abandoned));
  }
  const data = (await Promise.all(parts)).map(passing);
  return { method: 8, crc, size, data, compressedSize: data.reduce((sum, { length }) => sum + length, 0) };
}

/** A part of a deflate stream that another part follows, or `END_OF_STREAM`. The part is the archive's from then on. */
export async function packPart(part: Buffer, { level, deflater, abandoned }: Packing): Promise<readonly Buffer[]> {
  return level === 0 ? storedBlocks(part) : [passing(await deflater.part(part, level, false, abandoned))];
}

/** What ends a stream of parts. */
export function endOfParts(): readonly Buffer[] {
  return [END_OF_STREAM];
}

/** A file's bytes in parts of one size, but for the last. */
export async function* inParts(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (let chunk of chunks) {
    while (length + chunk.length >= PART_SIZE) {
      const taken = PART_SIZE - length;
      yield Buffer.concat([...waiting, chunk.subarray(0, taken)]);
      chunk = chunk.subarray(taken);
      waiting = [];
      length = 0;
    }
    waiting.push(chunk);
    length += chunk.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

/** Bytes as blocks of a deflate stream that are not compressed. */
function storedBlocks(bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MAX_STORED_BLOCK) {
    const block = bytes.subarray(at, at + MAX_STORED_BLOCK);
    const header = Buffer.alloc(5);
    header.writeUInt16LE(block.length, 1);
    header.writeUInt16LE(~block.length & 0xffff, 3);
    blocks.push(header, block);
  }
  return blocks;
}
