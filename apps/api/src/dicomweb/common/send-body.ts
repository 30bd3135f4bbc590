import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { sendChunks } from '../../http/answers/send-chunks.js';

/** What is sent once the headers are. */
export type Body = Readable | Buffer | AsyncGenerator<Buffer, void>;

/** Sends an answer; whoever has hung up in the meantime is sent nothing. */
export async function sendBody(reply: FastifyReply, body: Body): Promise<void> {
  if (!Buffer.isBuffer(body) && !(body instanceof Readable)) return sendChunks(reply, body);
  if (body instanceof Readable && reply.raw.destroyed) body.destroy();
  await reply.send(body);
}
