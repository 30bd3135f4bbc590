import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';

/** A stream that is sent; whoever has hung up in the meantime is sent nothing. */
export function sendable(stream: Readable, reply: FastifyReply): Readable {
  if (reply.raw.destroyed) stream.destroy();
  return stream;
}
