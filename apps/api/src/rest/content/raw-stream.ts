import { Readable } from 'node:stream';
import { swapped } from '../../pixels/swapped.js';

/**
 * A value as a stream, numbers in little endian byte order, a NUL at its end where it is filled up.
 * @param width bytes that change places
 */
export function rawStream(source: Readable, width: 1 | 2 | 4 | 8, isFilledUp: boolean): Readable {
  return swapped(isFilledUp ? Readable.from(filledUp(source), { objectMode: false }) : source, width);
}

async function* filledUp(source: Readable): AsyncGenerator<Buffer, void> {
  yield* source as AsyncIterable<Buffer>;
  yield Buffer.alloc(1);
}
