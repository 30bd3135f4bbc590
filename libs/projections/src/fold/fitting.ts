/** What a row of an index holds, in bytes: a third of a page, less its header (PostgreSQL manual, section 65.1). */
const MAX_INDEXED = 2600;
/** A character of UTF-16 takes at most so many bytes of UTF-8. */
const BYTES_PER_CHARACTER = 3;
const MAX_INT32 = 2 ** 31 - 1;

/** As much of a text as an index takes: nothing that a file says may keep it, and all that follows, from being folded. */
export function indexable(text: string): string {
  if (text.length * BYTES_PER_CHARACTER <= MAX_INDEXED) return text;
  const bytes = Buffer.from(text, 'utf8').subarray(0, MAX_INDEXED);
  // half a character at the end is left out
  return new TextDecoder().decode(bytes, { stream: true });
}

/** A count for a column of 32 bits; null: none, or one that no file can have. */
export function int32(count: number | undefined): number | null {
  return count !== undefined && Number.isInteger(count) && Math.abs(count) <= MAX_INT32 ? count : null;
}
