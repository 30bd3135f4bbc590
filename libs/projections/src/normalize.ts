/**
 * The form in which text is compared: accents removed, upper case, outer spaces removed. The SQL twin, for tags without
 * a column of their own, is {@link normalizeSql}.
 */
export function normalize(text: string): string {
  if (ASCII.test(text)) return text.toUpperCase().trim();
  return text.normalize('NFD').replace(COMBINING_MARKS, '').toUpperCase().trim();
}

/** SQL that normalises an expression as {@link normalize} does. */
export function normalizeSql(expression: string): string {
  return `btrim(upper(regexp_replace(normalize(${expression}, NFD), '[\\u0300-\\u036f]', '', 'g')))`;
}

 
const ASCII = /^[\x00-\x7f]*$/;
const COMBINING_MARKS = /[\u0300-\u036f]/g;
