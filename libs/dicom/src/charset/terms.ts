/** More terms than there are code extensions name nothing; neither do longer values. */
const MOST_TERMS = 20;
const LONGEST_VALUE = 1024;

/**
 * The defined terms in a value of SpecificCharacterSet (PS3.3 section C.12.1.1.2), brought to the standard's spelling:
 * `iso-ir 100` is read as `ISO_IR 100`. Empty when there is none; a first term may be empty (`\ISO 2022 IR 87`).
 */
export function characterSetTerms(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1', 0, LONGEST_VALUE).replaceAll('\0', '').trim();
  return text === '' ? [] : text.split('\\', MOST_TERMS).map(normalizeTerm);
}

/** The standard's spelling of a term. */
function normalizeTerm(term: string): string {
  const plain = term.trim().toUpperCase();
  const known = /^ISO[ _-]?(2022)?[ _-]?IR[ _-]?(\d+)$/.exec(plain);
  if (!known) return plain;
  return known[1] ? `ISO 2022 IR ${known[2]}` : `ISO_IR ${known[2]}`;
}
