import { isJsonObject, type JsonObject } from '../json.js';

const COMMENTS = /"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const TRAILING_COMMAS = /"(?:\\.|[^"\\\n])*"|,(?=\s*[}\]])/g;

/**
 * Replaces comments, commas before a closing bracket and a byte order mark by blanks, so that plain JSON is left and
 * every other character keeps its line and column. Strings stay as they are.
 */
export function toPlainJson(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(COMMENTS, blank)
    .replace(TRAILING_COMMAS, blank);
}

function blank(token: string): string {
  return token.startsWith('"') ? token : token.replace(/[^\n]/g, ' ');
}

/**
 * Parses plain JSON that must be an object.
 * @throws Error saying where the text is no JSON
 */
export function parseObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error('must be an object, in braces');
  return value;
}
