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
 * @throws Error saying in which line and column the text is no JSON
 */
export function parseObject(text: string): JsonObject {
  const value = parse(text);
  if (!isJsonObject(value)) throw new Error('must be an object, in braces');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    if (LOCATED.test(message)) throw error;
    const position = message.startsWith(UNEXPECTED) ? unexpectedToken(text) : text.trimEnd().length;
    const lines = text.slice(0, position).split('\n');
    // what follows the token repeats the text around it, which may be a password
    const what = message.replace(/^(Unexpected token '.+?'), .*$/su, '$1 in JSON');
    throw new Error(`${what} (line ${lines.length} column ${lines.at(-1)!.length + 1})`, { cause: error });
  }
}

/** How V8 ends its messages, but of an unexpected token and of an unexpected end. */
const LOCATED = /\(line \d+ column \d+\)$/;
const UNEXPECTED = 'Unexpected token';

/** Where an unexpected token stands: the shortest beginning of the text that is refused for it ends with it. */
function unexpectedToken(text: string): number {
  let [before, within] = [0, text.length];
  while (within - before > 1) {
    const middle = (before + within) >> 1;
    if (refusedForToken(text.slice(0, middle))) within = middle;
    else before = middle;
  }
  return before;
}

function refusedForToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as SyntaxError).message.startsWith(UNEXPECTED);
  }
}
