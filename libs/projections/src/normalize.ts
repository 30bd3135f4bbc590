/** The form in which columns for searching hold text: accents removed, upper case, outer spaces removed. */
export function normalize(text: string): string {
  if (ASCII.test(text)) return text.toUpperCase().trim();
  return text.normalize('NFD').replace(COMBINING_MARKS, '').toUpperCase().trim();
}

const ASCII = /^[\x00-\x7f]*$/;
const COMBINING_MARKS = /[\u0300-\u036f]/g;
