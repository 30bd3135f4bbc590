import type { Level } from '@annal/domain';

/** What folders and files in an archive may be called: Orthanc's plain names, or those of any script. */
export interface NameRules {
  /** Whether letters beyond ASCII stay (option ZipUseUtf8). */
  readonly utf8: boolean;
}

/** File systems take names up to this length, bytes. */
const LONGEST_NAME = 255;
const NEITHER_TEXT_NOR_LINE_END = /[^\x20-\x7e\n]/g;
/** What stays of a name, beside the spaces between words. */
const ALLOWED = { ascii: /[^A-Za-z0-9._ ]/g, utf8: /[^\p{L}\p{M}\p{N}._ ]/gu };
/** A folder called so would not be one, or another one than it is in: whoever unpacks it must not be led out of his. */
const NO_FOLDER = /^[. ]*$/;

/**
 * The name of a folder from main tags, e.g. PatientID and PatientName: letters, digits, points and underscores, with one
 * space between words. `Unknown Patient` and the like where nothing is left.
 */
export function folderName(level: Level, tags: readonly (string | undefined)[], rules: NameRules): string {
  const text = tags.map((tag) => tag ?? '').join(' ');
  const name = cleaned(rules.utf8 ? text : text.replace(NEITHER_TEXT_NOR_LINE_END, ''), rules);
  return NO_FOLDER.test(name) ? `Unknown ${level}` : name;
}

/**
 * The name of an instance's file: two letters of the modality and six digits, one and seven, or eight digits.
 * @param number what is shown in the digits, which are more where it needs them
 */
export function instanceName(modality: string, number: number): string {
  const bytes = Buffer.from(modality);
  // a letter beyond ASCII has several bytes, of which none is shown
  const prefix = bytes
    .subarray(0, 2)
    .toString('latin1')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const digits = 8 - prefix.length;
  const sign = number < 0 ? 1 : 0;
  return cleaned(`${prefix}${String(Math.abs(number)).padStart(digits - sign, '0')}.dcm`, { utf8: false });
}

function cleaned(text: string, { utf8 }: NameRules): string {
  const plain = text.replaceAll('^', ' ').replace(/[\t\n\v\f\r ]/g, ' ');
  const allowed = plain
    .replace(utf8 ? ALLOWED.utf8 : ALLOWED.ascii, '')
    .replace(/ +/g, ' ')
    .trim();
  return clipped(allowed);
}

function clipped(name: string): string {
  if (name.length * 3 <= LONGEST_NAME || Buffer.byteLength(name) <= LONGEST_NAME) return name;
  let length = 0;
  const kept = [...name].filter((character) => (length += Buffer.byteLength(character)) <= LONGEST_NAME);
  return kept.join('').trim();
}

/** Names within one folder: one that is there already gets a number (`CT-2`). */
export class UniqueNames {
  private readonly counts = new Map<string, number>();

  unique(name: string): string {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  }
}
