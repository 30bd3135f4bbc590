import type { FastifyRequest } from 'fastify';
import { readBody } from '../../http/body/read-body.js';
import { OrthancError } from '../../http/errors/http-errors.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as the value of a metadata. @param limit bytes. @throws OrthancError 400 for what is no text */
export async function readValue(request: FastifyRequest, limit: number): Promise<string> {
  const value = decode(await readBody(request, limit));
  if (value === undefined || value.includes('\0')) {
    throw new OrthancError('BadRequest', 'The value of a metadata is a text in UTF-8, without NUL');
  }
  return value;
}

function decode(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
