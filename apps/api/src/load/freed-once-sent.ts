import { release } from './release.js';

/**
 * From this size on, bytes, a socket that is written to says that it is to be waited for until all has left it: more than it
 * keeps by itself.
 */
const WAITED_FOR = 256 * 1024;

/**
 * A body in one piece, whose memory is freed once it was sent. To be read by somebody who asks for more only when the
 * connection has taken what was given before, as `OutgoingHttp` does; where that breaks, the memory is left to a collection.
 */
export async function* freedOnceSent(bytes: Buffer): AsyncGenerator<Buffer, void> {
  const { length } = bytes;
  yield bytes;
  if (length >= WAITED_FOR) release([bytes]);
}
