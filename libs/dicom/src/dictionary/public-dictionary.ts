import lines from './public.json' with { type: 'json' };
import { type Tag } from '../dataset.js';
import { type DictionaryEntry, entryOf, type LocatedEntry } from './entry.js';

/** Names that differ from the keyword in the releases of DCMTK that DICOM servers ship. */
const NAMES = new Map<Tag, string>([
  [0x00101000, 'OtherPatientIDs'],
  [0x003a0320, 'SummarizedFilterLookupTableSequence'],
  [0x003a0325, 'AnalogFilterTypeCodeSequence'],
  [0x30040012, 'DoseValue'],
]);

/** Matches a tag when `(tag & mask) === value`. */
interface Repeating {
  readonly mask: number;
  readonly value: number;
  readonly entry: DictionaryEntry;
}

const byTag = new Map<Tag, DictionaryEntry>();
const byKeyword = new Map<string, LocatedEntry>();
const repeating: Repeating[] = [];

for (const line of lines) {
  const [digits = '', vrs = '', vm = '', keyword = '', retired] = line.split(' ');
  const known = entryOf(vrs, vm, keyword, retired === 'R');
  const tag = Number.parseInt(digits.replaceAll('x', '0'), 16);
  const entry = { ...known, name: NAMES.get(tag) ?? known.name };
  const mask = Number.parseInt(digits.replace(/[^x]/g, 'f').replaceAll('x', '0'), 16);
  if (digits.includes('x')) repeating.push({ mask, value: tag | 0, entry });
  else byTag.set(tag, entry);
  for (const name of [entry.keyword, entry.name, known.name]) byKeyword.set(name, { tag, entry });
}

/** The entry of a standard element (PS3.6), incl. the repeating groups 50xx, 60xx and others; undefined when unknown. */
export function publicEntry(tag: Tag): DictionaryEntry | undefined {
  const entry = byTag.get(tag);
  if (entry) return entry;
  return repeating.find(({ mask, value }) => (tag & mask) === value)?.entry;
}

/** A standard element by its keyword, or by its name with the prefix `RETIRED_`; case matters. */
export function publicEntryByKeyword(keyword: string): LocatedEntry | undefined {
  return byKeyword.get(keyword);
}
