import type { FastifyRequest } from 'fastify';
import { OrthancError, tooLarge } from '../errors/http-errors.js';
import { readBody } from './read-body.js';

/** A value as JSON.parse gives it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

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
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new OrthancError('BadRequest', 'The body must contain a JSON object');
}

/** Parses JSON; undefined when it is none. @throws OrthancError 413 when it is nested deeper than `depth` */
export function parseJson(text: string, depth: number): Json | undefined {
  if (text.length > depth && nesting(text) > depth) throw tooLarge(`JSON nested ${depth} levels`);
  return tryParse(text) ?? tryParse(relaxed(text));
}

/** Strings (kept), and comments, or trailing commas (dropped). */
const COMMENTS = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g;
const TRAILING_COMMAS = /"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g;

/** The text as plain JSON, if that is what comments and trailing commas leave. */
function relaxed(text: string): string {
  const keepStrings = (token: string): string => (token.startsWith('"') ? token : ' ');
  return text.replace(COMMENTS, keepStrings).replace(TRAILING_COMMAS, keepStrings);
}

function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The deepest nesting of brackets outside strings. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 0x5c) i++;
      else if (c === 0x22) quoted = false;
    } else if (c === 0x22) quoted = true;
    else if (c === 0x5b || c === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (c === 0x5d || c === 0x7d) depth--;
  }
  return deepest;
}
