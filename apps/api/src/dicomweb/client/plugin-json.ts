import type { FastifyReply } from 'fastify';

/** An answer as Orthanc's plugin writes JSON: with its media type, which has no character set, and tabs. */
export function pluginJson(value: unknown, reply: FastifyReply): string {
  reply.header('Content-Type', 'application/json');
  return `${JSON.stringify(value, undefined, '\t')}\n`;
}
