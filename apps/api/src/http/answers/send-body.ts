import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { isHead } from '../head-requests.js';
import { isCompressible } from './compression.js';
import { isPassing } from '../../load/passing.js';
import { sendBytes, sendChunks } from './send-chunks.js';
import { type SentBytes } from './sent-bytes.js';

/** What is sent once the headers are. */
export type Body = Readable | Buffer | AsyncGenerator<Buffer, void>;

/** Sends an answer, none of it to HEAD; whoever has hung up in the meantime is sent nothing. */
export async function sendBody(reply: FastifyReply, body: Body): Promise<void> {
  if (Buffer.isBuffer(body)) {
    // texts may be compressed on their way
    if (isPassing(body) && !isCompressible(reply)) sendBytes(reply, body);
    else await reply.send(body);
    return;
  }
  const unwanted = isHead(reply.request.raw);
  if (!(body instanceof Readable)) {
    if (!unwanted) return sendChunks(reply, body);
    await body.return();
    return sendNothing(reply);
  }
  if (unwanted || reply.raw.destroyed) body.destroy();
  if (unwanted) return sendNothing(reply);
  await reply.send(body);
}

/** Answers without a body, as HEAD is answered; headers tell what it would be. */
export async function sendNothing(reply: FastifyReply): Promise<void> {
  await reply.send(Readable.from([]));
}

/** Sends bytes, whose number is announced. */
export async function sendSized(reply: FastifyReply, { size, bytes }: SentBytes): Promise<void> {
  reply.header('Content-Length', size);
  await sendBody(reply, bytes);
}
