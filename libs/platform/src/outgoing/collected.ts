import type { Readable } from 'node:stream';
import { asOutgoingError, OutgoingError } from './outgoing-error.js';

/**
 * A body as a whole.
 * @param ms how long all of it may take
 * @throws OutgoingError for one of more than `maxBytes`, or that takes longer, or breaks off
 */
export async function collected(body: Readable, maxBytes: number, ms: number, host: string): Promise<Buffer> {
  const late = setTimeout(() => body.destroy(new OutgoingError('timeout', `${host} did not answer in time`)), ms);
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxBytes)
        throw new OutgoingError('too-large', `The answer of ${host} is larger than ${maxBytes} bytes`);
      pieces.push(piece);
    }
  } catch (error) {
    throw asOutgoingError(error, host);
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(pieces);
}
