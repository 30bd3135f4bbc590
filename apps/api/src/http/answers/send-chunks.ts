import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { passed } from '../../load/passing.js';

/** So much may wait for a client, bytes. */
const SENT_AHEAD = 1024 * 1024;

/** Answers with bytes that are all there. */
export function sendBytes(reply: FastifyReply, bytes: Buffer): void {
  const response = begin(reply);
  response.setHeader('content-length', bytes.length);
  response.end(bytes, () => passed(bytes));
}

/**
 * Answers with bytes as they come, no faster than the client takes them. What fails after the beginning ends the
 * connection; a client that hangs up ends the source.
 *
 * @throws what the source fails with before its first bytes
 */
export async function sendChunks(reply: FastifyReply, source: AsyncGenerator<Buffer, void>): Promise<void> {
  // what fails until here is answered as an error; afterwards the connection is all that can tell
  let next = await source.next();
  const response = begin(reply);
  const waiting = new Waiting(response);
  try {
    for (; !next.done; next = await source.next()) {
      if (!(await waiting.send(next.value))) return;
    }
    response.end();
  } catch {
    response.destroy();
  } finally {
    await source.return().catch(() => undefined);
  }
}

/** The response itself, with status and headers. */
function begin(reply: FastifyReply): ServerResponse {
  const { raw: response } = reply;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) response.setHeader(name, value ?? '');
  response.statusCode = reply.statusCode;
  return response;
}

/** What is written and not taken yet. */
class Waiting {
  private bytes = 0;
  private moved: () => void = () => undefined;

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.moved());
  }

  /** @returns false where the client has hung up */
  async send(chunk: Buffer): Promise<boolean> {
    const { response } = this;
    if (response.destroyed) return false;
    const { length } = chunk;
    this.bytes += length;
    response.write(chunk, (error) => {
      this.bytes -= length;
      if (!error) passed(chunk);
      this.moved();
    });
    while (this.bytes > SENT_AHEAD && !response.destroyed) await new Promise<void>((resolve) => (this.moved = resolve));
    return !response.destroyed;
  }
}
