import { OrthancError } from '../errors/http-errors.js';
import { passing } from '../../load/passing.js';
import { complete } from './complete.js';
import { IN_ONE_PIECE, type SentBytes } from './sent-bytes.js';

/** How to get at bytes that are stored. */
export interface StoredBytes {
  /** All of them at once. */
  read(): Promise<Buffer>;
  /** As they come. */
  open(): Promise<AsyncIterable<Buffer>>;
}

/**
 * Stored bytes on their way to a client: few are read at once, more as they are sent.
 * @param size how many there are
 * @throws OrthancError 500 when they are not as many; whatever reading them fails with
 */
export async function storedBytes(size: number, stored: StoredBytes): Promise<SentBytes> {
  if (size > IN_ONE_PIECE) return { size, bytes: complete(await stored.open(), size) };
  const bytes = await stored.read();
  if (bytes.length !== size) throw new OrthancError('CorruptedFile');
  return { size, bytes: passing(bytes) };
}

/** The same of bytes that may not be sent after all: many are opened once they are read. */
export async function storedBytesOnceRead(size: number, stored: StoredBytes): Promise<SentBytes> {
  return size > IN_ONE_PIECE ? { size, bytes: openedOnceRead(size, stored) } : storedBytes(size, stored);
}

async function* openedOnceRead(size: number, stored: StoredBytes): AsyncGenerator<Buffer, void> {
  yield* complete(await stored.open(), size);
}
