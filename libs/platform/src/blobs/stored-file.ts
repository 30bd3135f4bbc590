import { pipeline, Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import type { BlobCompression, BlobStore } from '@annal/domain';

/** Bytes in front of deflated ones that say how many those are once inflated. */
export const SIZE_PREFIX = 8;

/** What stands in front of the deflated bytes of a file of this size. */
export function sizePrefix(size: number): Buffer {
  const prefix = Buffer.alloc(SIZE_PREFIX);
  prefix.writeBigUInt64LE(BigInt(size));
  return prefix;
}

/** Which blob holds a file, and how. */
export interface StoredFileBlob {
  readonly key: string;
  readonly compression: BlobCompression;
}

/**
 * The bytes of a file, whatever way they are stored in, from `start` to `end` (exclusive).
 * @throws BlobMissing
 */
export async function openStoredFile(
  blobs: Pick<BlobStore, 'stream'>,
  { key, compression }: StoredFileBlob,
  start = 0,
  end = Infinity,
): Promise<Readable> {
  if (compression === 'none') {
    if (start === 0 && end === Infinity) return blobs.stream(key);
    return end === Infinity ? blobs.stream(key, start) : blobs.stream(key, start, end);
  }
  const stored = await (compression === 'zlib' ? blobs.stream(key) : blobs.stream(key, SIZE_PREFIX));
  const inflated = createInflate();
  // an error of either side ends the other
  pipeline(stored, inflated, () => undefined);
  if (start === 0 && end === Infinity) return inflated;
  return Readable.from(between(inflated, start, end), { objectMode: false });
}

/** What of a stream stands from `start` to `end` (exclusive); the rest is not read. */
export async function* between(stream: AsyncIterable<Buffer>, start = 0, end = Infinity): AsyncGenerator<Buffer, void> {
  let position = 0;
  for await (const chunk of stream) {
    const part = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += chunk.length;
    if (part.length > 0) yield part;
    if (position >= end) break;
  }
}
