import { tooLarge } from '../errors/http-errors.js';

/** A value as JSON.parse gives it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Whether a value of JSON is an object: neither null nor a list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const [QUOTE, BACKSLASH, COMMA, SLASH, STAR] = [0x22, 0x5c, 0x2c, 0x2f, 0x2a];
const [BRACKET, BRACE, BRACKET_END, BRACE_END] = [0x5b, 0x7b, 0x5d, 0x7d];

/**
 * Parses JSON; undefined when it is none. Comments and commas before a closing bracket are taken as Orthanc takes them.
 * The time it takes grows with the length of the text alone, whatever stands there.
 * @throws OrthancError 413 when it is nested deeper than `depth`
 */
export function parseJson(text: string, depth: number): Json | undefined {
  if (text.length > depth && nesting(text) > depth) throw tooLarge(`JSON nested ${depth} levels`);
  return tryParse(text) ?? tryParse(plain(text));
}

function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The text without comments and trailing commas, blanks in their places: plain JSON, if that is what they leave. */
function plain(text: string): string {
  const kept: string[] = [];
  let from = 0;
  const blank = (start: number, end: number): void => {
    kept.push(text.slice(from, start), ' ');
    from = end;
  };
  /** The comma behind which nothing but blanks and comments stood so far, as the place of its piece in `kept`. */
  let comma: number | undefined;
  for (let at = 0; at < text.length;) {
    const c = text.charCodeAt(at);
    const end = c === SLASH ? endOfComment(text, at) : at;
    if (end < 0) return '';
    if (end > at) {
      blank(at, end);
      at = end;
      continue;
    }
    if (isBlank(c)) {
      at += 1;
      continue;
    }
    if (comma !== undefined && (c === BRACKET_END || c === BRACE_END)) kept[comma] = ' ';
    comma = undefined;
    if (c === COMMA) {
      kept.push(text.slice(from, at), ',');
      comma = kept.length - 1;
      from = at + 1;
    }
    at = c === QUOTE ? endOfString(text, at) : at + 1;
  }
  return kept.join('') + text.slice(from);
}

/** Behind the comment that begins here; here where none does, -1 where it never ends. */
function endOfComment(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) {
    const line = text.indexOf('\n', at);
    return line < 0 ? text.length : line;
  }
  if (next !== STAR) return at;
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? -1 : end + 2;
}

/** Behind the string that begins here, at the end of the text where it has none. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i + 1;
  }
  return text.length;
}

function isBlank(c: number): boolean {
  return c === 0x20 || (c >= 0x09 && c <= 0x0d);
}

/** The deepest nesting of brackets outside strings. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length;) {
    const c = text.charCodeAt(at);
    if (c === BRACKET || c === BRACE) deepest = Math.max(deepest, ++depth);
    else if (c === BRACKET_END || c === BRACE_END) depth--;
    at = c === QUOTE ? endOfString(text, at) : at + 1;
  }
  return deepest;
}
