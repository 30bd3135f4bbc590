import { tagHex } from '@annal/dicom';
import { normalize } from '../normalize.js';

/** How the text of a tag is compared. */
export type Match =
  | { readonly kind: 'exact'; readonly values: readonly string[] }
  /** Inclusive on both ends, by code points: dates and times as DICOM writes them. */
  | { readonly kind: 'range'; readonly from?: string; readonly to?: string }
  /** `*` for any text, `?` for one character. */
  | { readonly kind: 'wildcard'; readonly pattern: string }
  /** Each of these normalised words begins a word of the text, in any order: names as people remember them. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** One of these. */
  | { readonly kind: 'any'; readonly of: readonly Match[] };

/** A wildcard where the value representation takes none (PS3.4 section C.2.2.2.4). */
export class WildcardNotAllowed extends Error {
  override readonly name = 'WildcardNotAllowed';

  constructor(readonly tag: number) {
    super(`Wildcards are not allowed on tag ${tagHex(tag).replace(/^(....)/, '$1,')}`);
  }
}

/** ModalitiesInStudy (0008,0061), which is a list of modalities to look for, never a pattern. */
const MODALITIES_IN_STUDY = 0x00080061;
const RANGES = new Set(['DA', 'DT', 'TM']);
const WILDCARDS = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);

/**
 * Reads a DICOM matching key (PS3.4 section C.2.2.2) as Orthanc reads it: empty matches all, dates and times with a
 * hyphen are ranges, backslashes separate a list, `*` and `?` are wildcards.
 * @param vr the tag's value representation, undefined when no dictionary knows it
 * @returns undefined when everything matches, the tag's absence included
 * @throws WildcardNotAllowed
 */
export function parseMatch(tag: number, vr: string | undefined, key: string): Match | undefined {
  if (key === '') return undefined;
  const wild = /[*?]/.test(key);
  if (wild && (vr === undefined || !WILDCARDS.has(vr))) throw new WildcardNotAllowed(tag);
  const hyphen = vr === 'DT' ? dateTimeHyphen(key) : key.indexOf('-');
  if (hyphen >= 0 && vr !== undefined && RANGES.has(vr)) {
    const from = key.slice(0, hyphen);
    const end = key.slice(hyphen + 1);
    if (from === '' && end === '') return undefined;
    // all of the year, the day or the minute that a date-time names, which goes on with digits or an offset
    const to = vr === 'DT' && end !== '' ? `${end}~` : end;
    return { kind: 'range', ...(from !== '' && { from }), ...(to !== '' && { to }) };
  }
  if (tag === MODALITIES_IN_STUDY || key.includes('\\')) return { kind: 'exact', values: key.split('\\') };
  return wild ? { kind: 'wildcard', pattern: key } : { kind: 'exact', values: [key] };
}

/** A date-time, with its offset from UTC: at most 14 hours. */
const DATE_TIME = /^\d+(?:\.\d+)?(?:\+\d{4}|-(?:0\d|1[0-4])\d\d(?=-|$))?/;

/** Where the hyphen of a range of date-times is (PS3.4 section C.2.2.2.5.2), which is not that of an offset; -1: nowhere. */
function dateTimeHyphen(key: string): number {
  const start = DATE_TIME.exec(key)?.[0].length ?? 0;
  return key[start] === '-' ? start : -1;
}

const BETWEEN_WORDS = /[ ^=,.'-]+/;

/** A text as words to be looked for in names, each once however often it stands there; undefined where it has none. */
export function wordsMatch(text: string): Match | undefined {
  const words = new Set(normalize(text).split(BETWEEN_WORDS));
  words.delete('');
  return words.size > 0 ? { kind: 'words', words: [...words] } : undefined;
}

/** A pattern, the same for SQL, that finds a word at its beginning in a normalised text. */
export function wordPattern(word: string): string {
  return `(^|[ ^=,.'-])${word.replace(/[\\.*+?()[\]{}|^$]/g, '\\$&')}`;
}

/** SQL for a normalised text whose words all have a blank before them. */
export function spacedWords(normalized: string): string {
  return `(' ' || translate(${normalized}, '^=,.''-', '      '))`;
}

/** Whether a text, which is there, matches. */
export function matches(match: Match, text: string, caseSensitive: boolean): boolean {
  const fold = (each: string): string => (caseSensitive ? each : each.toUpperCase());
  switch (match.kind) {
    case 'exact':
      return match.values.some((value) => fold(value) === fold(text));
    case 'range':
      return (match.from === undefined || text >= match.from) && (match.to === undefined || text <= match.to);
    case 'wildcard':
      return meetsPattern(fold(text), fold(match.pattern));
    case 'words': {
      const words = normalize(text).split(BETWEEN_WORDS);
      return match.words.every((wanted) => words.some((word) => word.startsWith(wanted)));
    }
    case 'any':
      return match.of.some((each) => matches(each, text, caseSensitive));
  }
}

/** Goes back to the last `*` alone, so that no pattern takes longer than its length times the text's. */
function meetsPattern(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (next < pattern.length && pattern[next] === '*') {
      star = next++;
      resume = at;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}
