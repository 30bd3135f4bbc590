import { type Tag } from '../dataset.js';
import { type DictionaryEntry, type LocatedEntry, privateEntryOf } from './entry.js';

/** Lines "group element VR VM name" by creator; group: `gggg` or `gggg-o-gggg`, element: `ee` (any block) or `eeee`. */
export type PrivateLines = Readonly<Record<string, readonly string[]>>;

interface OddRange {
  readonly from: number;
  readonly to: number;
  readonly element: string;
  readonly entry: DictionaryEntry;
}

interface CreatorEntries {
  /** By "gggg ee" and "gggg eeee", lower case. */
  readonly exact: Map<string, DictionaryEntry>;
  readonly ranges: OddRange[];
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Private elements by creator (PS3.5 section 7.8). The entries of a creator are parsed when first asked for. */
export class PrivateDictionary {
  private readonly parsed = new Map<string, CreatorEntries>();
  private names?: Map<string, LocatedEntry>;

  constructor(private readonly lines: PrivateLines) {}

  /** The entry of a private element (gggg,bbee) whose block bb is reserved by `creator`. */
  entry(tag: Tag, creator: string): DictionaryEntry | undefined {
    const { exact, ranges } = this.creator(creator);
    const group = tag >>> 16;
    const full = hex(tag & 0xffff, 4);
    const short = hex(tag & 0xff, 2);
    const found = exact.get(`${hex(group, 4)} ${full}`) ?? exact.get(`${hex(group, 4)} ${short}`);
    if (found || ranges.length === 0) return found;
    const matches = (range: OddRange): boolean =>
      group >= range.from && group <= range.to && (range.element === short || range.element === full);
    return ranges.find(matches)?.entry;
  }

  /** A private element by its name; the first block is assumed when the dictionary does not fix one. */
  byName(name: string): LocatedEntry | undefined {
    this.names ??= this.nameIndex();
    return this.names.get(name);
  }

  private creator(name: string): CreatorEntries {
    const known = this.parsed.get(name);
    if (known) return known;
    const entries: CreatorEntries = { exact: new Map(), ranges: [] };
    for (const line of Object.hasOwn(this.lines, name) ? (this.lines[name] ?? []) : []) {
      const [group = '', element = '', vrs = '', vm = '', ...words] = line.split(' ');
      const entry = privateEntryOf(vrs, vm, words.join(' '), name);
      const [from = '', to] = group.split('-o-');
      if (to === undefined) entries.exact.set(`${group} ${element}`, entry);
      else entries.ranges.push({ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), element, entry });
    }
    if (Object.hasOwn(this.lines, name)) this.parsed.set(name, entries);
    return entries;
  }

  private nameIndex(): Map<string, LocatedEntry> {
    const names = new Map<string, LocatedEntry>();
    for (const creator of Object.keys(this.lines)) {
      for (const [key, entry] of this.creator(creator).exact) {
        const [group = '', element = ''] = key.split(' ');
        const tag = Number.parseInt(group + (element.length === 2 ? `10${element}` : element), 16);
        if (!entry.supplementary && !names.has(entry.name)) names.set(entry.name, { tag, entry });
      }
    }
    return names;
  }
}
