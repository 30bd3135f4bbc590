import type { FastifyRequest } from 'fastify';
import { readText } from './read-body.js';
import { OrthancError } from '../errors/http-errors.js';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['0', false],
  ['1', true],
  ['false', false],
  ['true', true],
]);

/** The body as a boolean. @throws OrthancError 400 */
export async function readBoolean(request: FastifyRequest): Promise<boolean> {
  const value = BOOLEANS.get((await readText(request)).trim());
  if (value === undefined) throw new OrthancError('BadFileFormat', 'Boolean value expected');
  return value;
}
