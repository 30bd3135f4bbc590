import { randomBytes } from 'node:crypto';

/**
 * A text as an SQL literal for a multi-statement query, which can't take parameters: dollar quoting (PostgreSQL manual,
 * section 4.1.2.4) under a tag that does not occur in the text, which is unguessable and checked all the same.
 */
export function sqlText(text: string): string {
  if (text.includes('\0')) throw new RangeError('NUL cannot be sent to PostgreSQL');
  let tag = TAG;
  // with the closing tag's first character, for the text's end and that may make up a tag together
  while (`${text}$`.includes(tag)) tag = newTag();
  return `${tag}${text}${tag}`;
}

/** A value as a JSON literal. */
export function sqlJson(value: unknown): string {
  return `${sqlText(JSON.stringify(value))}::json`;
}

/** A list of identifiers as a text array literal. */
export function sqlTextArray(texts: Iterable<string>): string {
  const quoted = [...texts].map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`);
  return `${sqlText(`{${quoted.join(',')}}`)}::text[]`;
}

function newTag(): string {
  return `$q${randomBytes(12).toString('hex')}$`;
}

const TAG = newTag();
