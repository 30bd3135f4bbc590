/** Longer texts are no numbers, characters. */
const LONGEST = 64;
const DECIMAL = /^[ +-]?(?:\d+\.?\d*|\.\d+)(?:e[ +-]?\d+)?$/i;

/** A decimal string (PS3.5 section 6.2) in a query, where a plus sign may arrive as a space; NaN where it is none. */
export function decimalIn(text: string): number {
  return text.length <= LONGEST && DECIMAL.test(text) ? Number(text.replace(/ /g, '+')) : NaN;
}
