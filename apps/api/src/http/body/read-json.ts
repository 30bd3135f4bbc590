import type { FastifyRequest } from 'fastify';
import { OrthancError } from '../errors/http-errors.js';
import { isJsonObject, type Json, type JsonObject, parseJson } from './parse-json.js';
import { readBody } from './read-body.js';

export type { Json, JsonObject };

/** Ceilings of a JSON body. */
export interface JsonLimits {
  /** Bytes, received and inflated. */
  readonly size: number;
  /** Levels of nesting. */
  readonly depth: number;
}

const BYTE_ORDER_MARK = '\ufeff';

/**
 * The body as JSON, whatever the Content-Type: curl sends `-d` as a form. Comments and commas before a closing bracket
 * are taken as Orthanc takes them; undefined when it is no JSON.
 * @throws OrthancError 413 beyond a limit
 */
export async function readJson(request: FastifyRequest, limits: JsonLimits): Promise<Json | undefined> {
  const text = (await readBody(request, limits.size)).toString('utf8');
  return parseJson(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, limits.depth);
}

/**
 * As readJson, for routes whose body must be an object.
 * @throws OrthancError 400 as Orthanc says it
 */
export async function readJsonObject(request: FastifyRequest, limits: JsonLimits): Promise<JsonObject> {
  const value = await readJson(request, limits);
  if (isJsonObject(value)) return value;
  throw new OrthancError('BadRequest', 'The body must contain a JSON object');
}
