import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { types } from 'node:util';
import { readablePath } from '../path.js';
import { errorAnswer, renderErrorBody } from './error-answer.js';

/** Answers with an error, in the way of this server. */
export class ErrorSender {
  /** @param describe whether errors are explained in a body (HttpDescribeErrors) */
  constructor(
    private readonly describe: boolean,
    private readonly logger: Logger,
  ) {}

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { status, headers, body } = errorAnswer(error);
    // only the type of what failed: messages of libraries may hold data of patients
    if (status >= 500) this.logger.error({ err: describeError(error), method: request.method }, 'A request failed');
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    for (const name of Object.keys(reply.getHeaders())) {
      if (name.startsWith('content-')) reply.removeHeader(name);
    }
    reply.code(status).headers(headers);
    if (!body || !this.describe) {
      reply.send();
      return;
    }
    const uri = readablePath(request.url.split('?', 1)[0]!);
    reply
      .type('text/plain')
      .serializer(String)
      .send(renderErrorBody(body, status, request.raw.method ?? 'GET', uri));
  }
}

function describeError(error: unknown): { type: string; code?: unknown; stack?: string } {
  if (!types.isNativeError(error)) return { type: typeof error };
  // the stack without its first line, which repeats the message
  const stack = error.stack?.split('\n    at ').slice(1).join('\n    at ');
  return { type: error.name, code: 'code' in error ? error.code : undefined, stack };
}
