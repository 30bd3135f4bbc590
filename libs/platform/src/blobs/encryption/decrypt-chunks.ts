import { CHUNK_SIZE, type ChunkCipher, STORED_CHUNK_SIZE, tampered } from './chunk-cipher.js';

/** Which plain bytes are wanted, and the chunks they are in. */
export interface ChunkRange {
  /** The first chunk to read. */
  readonly first: number;
  /** The last one; undefined up to the end of the blob. */
  readonly last: number | undefined;
  /** Plain bytes to leave out at the beginning of the first chunk. */
  readonly skip: number;
  /** Plain bytes in all, at most. */
  readonly length: number;
}

/** The chunks in which the plain bytes from `start` to `end` (exclusive, more than `start`) are. */
export function chunkRange(start: number, end: number | undefined): ChunkRange {
  const first = Math.floor(start / CHUNK_SIZE);
  return {
    first,
    last: end === undefined ? undefined : Math.floor((end - 1) / CHUNK_SIZE),
    skip: start - first * CHUNK_SIZE,
    length: end === undefined ? Infinity : end - start,
  };
}

/**
 * The wanted plain bytes of stored chunks.
 * @param stored from the range's first chunk on, up to the end of the blob or at least one byte beyond the last chunk:
 *   that byte tells that it is not the last one of the blob
 * @throws BlobUnreadable
 */
export async function* decryptChunks(
  stored: AsyncIterable<Buffer>,
  cipher: ChunkCipher,
  { first, last, skip, length }: ChunkRange,
): AsyncGenerator<Buffer, void> {
  let index = first;
  let left = length;
  const wanted = (plain: Buffer): Buffer => {
    const from = index === first ? skip : 0;
    const part = plain.subarray(from, Math.min(plain.length, from + left));
    left -= part.length;
    return part;
  };
  for await (const { bytes, isLast } of wholeChunks(stored)) {
    if (last !== undefined && index > last) return;
    const part = wanted(cipher.decrypt(bytes, index, isLast));
    index += 1;
    if (part.length > 0) yield part;
  }
  // also a blob of no bytes has a chunk
  if (index === 0) throw tampered();
}

/** Cuts a stream into stored chunks; all but the last are followed by at least one byte. */
async function* wholeChunks(
  stored: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly bytes: Buffer; readonly isLast: boolean }, void> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of stored) {
    let at = 0;
    // only what reaches over from one piece to the next is copied
    if (size > 0 && size + piece.length > STORED_CHUNK_SIZE) {
      at = STORED_CHUNK_SIZE - size;
      yield { bytes: joined([...held, piece.subarray(0, at)], STORED_CHUNK_SIZE), isLast: false };
      held = [];
      size = 0;
    }
    for (; piece.length - at > STORED_CHUNK_SIZE; at += STORED_CHUNK_SIZE) {
      yield { bytes: piece.subarray(at, at + STORED_CHUNK_SIZE), isLast: false };
    }
    held.push(piece.subarray(at));
    size += piece.length - at;
  }
  if (size > 0) yield { bytes: joined(held, size), isLast: true };
}

function joined(pieces: readonly Buffer[], size: number): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size);
}
