import { move } from 'piscina';
import { constants, deflateRawSync, type ZlibOptions } from 'node:zlib';
import { release } from '../load/release.js';

/** What a deflating thread is asked. */
export interface DeflateTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** 1 to 9. */
  readonly level: number;
  /** Whether the file ends with these bytes; else more follow, deflated on their own. */
  readonly last: boolean;
}

/** What deflating adds at most to bytes that cannot be deflated, and to none. */
const [GROWTH, SLACK] = [1 / 256, 64 * 1024];

/**
 * How a part is deflated: one that others follow ends at a byte, so that parts make one stream when put together. There is
 * room for all of it in one piece.
 */
export function deflateOptions(size: number, level: number, last: boolean): ZlibOptions {
  const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  return { level, finishFlush, chunkSize: Math.ceil(size * (1 + GROWTH)) + SLACK };
}

/**
 * Raw deflate of a part of a file, in a thread of its own. Frees what it was given and what it worked with: a thread that
 * allocates little else collects it late.
 */
export default function deflate({ bytes, level, last }: DeflateTask): Uint8Array<ArrayBuffer> {
  const options = deflateOptions(bytes.length, level, last);
  const deflated = deflateRawSync(bytes, options);
  release([bytes]);
  // exactly these bytes, which are then handed over rather than copied
  const answer = new Uint8Array(deflated);
  // nobody else has a piece of memory of that size
  const { buffer } = deflated;
  if (buffer.byteLength === options.chunkSize) release([new Uint8Array(buffer)]);
  return move(answer) as unknown as Uint8Array<ArrayBuffer>;
}
