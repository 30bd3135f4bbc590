import privateLines from './private.json' with { type: 'json' };
import { type Tag } from '../dataset.js';
import { type DictionaryEntry, entryOf, type LocatedEntry, UNKNOWN_TAG_NAME } from './entry.js';
import { parseDcmtkDictionary } from './dcmtk-file.js';
import { PrivateDictionary, type PrivateLines } from './private-dictionary.js';
import { publicEntry, publicEntryByKeyword } from './public-dictionary.js';
import { isPrivate, isPrivateCreator, parseHexTag } from './tag-text.js';
import { parseUserDictionary, type UserDictionary } from './user-entries.js';

/** What the configuration says about dictionaries. */
export interface DictionaryOptions {
  /** Elements of the site's own; throws on construction when an entry is malformed. */
  readonly dictionary?: UserDictionary;
  /** Whether the built-in private dictionary is used; default true. */
  readonly loadPrivateDictionary?: boolean;
  /** The creator assumed for private tags that are named without one. */
  readonly defaultPrivateCreator?: string;
  /** The contents of dictionary files in DCMTK's format. */
  readonly externalDictionaries?: readonly string[];
}

/** A tag as a request names it. */
export interface NamedTag {
  readonly tag: Tag;
  readonly privateCreator?: string;
}

const GROUP_LENGTH = entryOf('UL', '1', 'GenericGroupLength', false);
const PRIVATE_GROUP_LENGTH = entryOf('UL', '1', 'PrivateGroupLength', false);
const PRIVATE_CREATOR = entryOf('LO', '1', 'PrivateCreator', false);

function creatorOf(entry: DictionaryEntry): { privateCreator?: string } {
  return entry.privateCreator === undefined ? {} : { privateCreator: entry.privateCreator };
}

/** The data elements known to this server: the standard's, vendors', and those of the configuration (which win). */
export class DicomDictionary {
  private readonly ownByTag = new Map<Tag, DictionaryEntry>();
  private readonly ownByName = new Map<string, LocatedEntry>();
  private readonly privates: readonly PrivateDictionary[];
  private readonly defaultPrivateCreator: string;

  constructor(options: DictionaryOptions = {}) {
    const { dictionary = {}, loadPrivateDictionary = true, externalDictionaries = [] } = options;
    this.defaultPrivateCreator = options.defaultPrivateCreator ?? '';
    const added = [parseUserDictionary(dictionary), ...externalDictionaries.map(parseDcmtkDictionary)];
    for (const line of added.toReversed().flatMap((source) => source.publicLines)) this.add(line);
    const lines: PrivateLines[] = added.map((source) => source.privateLines);
    if (loadPrivateDictionary) lines.push(privateLines);
    this.privates = lines.map((each) => new PrivateDictionary(each));
  }

  /** The entry of a tag; private elements need the creator of their block. Undefined when unknown. */
  lookup(tag: Tag, privateCreator?: string): DictionaryEntry | undefined {
    const own = this.ownByTag.get(tag);
    if (own) return own;
    if (!isPrivate(tag)) return publicEntry(tag) ?? ((tag & 0xffff) === 0 ? GROUP_LENGTH : undefined);
    if ((tag & 0xffff) === 0) return PRIVATE_GROUP_LENGTH;
    if (isPrivateCreator(tag)) return PRIVATE_CREATOR;
    const creator = privateCreator || this.defaultPrivateCreator;
    if (creator === '') return undefined;
    for (const dictionary of this.privates) {
      const entry = dictionary.entry(tag, creator);
      if (entry) return entry;
    }
    return undefined;
  }

  /** The value representation of a tag, as the tokenizer of implicit VR asks for it; undefined when unknown. */
  vrOf(tag: Tag, privateCreator?: string): string | undefined {
    return this.lookup(tag, privateCreator)?.vr;
  }

  /** The name Orthanc prints for a tag. */
  nameOf(tag: Tag, privateCreator?: string): string {
    return this.lookup(tag, privateCreator)?.name ?? UNKNOWN_TAG_NAME;
  }

  /** The same name; undefined where no dictionary knows the tag. */
  knownNameOf(tag: Tag, privateCreator?: string): string | undefined {
    const name = this.nameOf(tag, privateCreator);
    return name === UNKNOWN_TAG_NAME ? undefined : name;
  }

  /** A tag written `gggg,eeee`, `gggg-eeee`, `ggggeeee` or by its name (case matters); undefined when it is none. */
  parseTag(text: string): NamedTag | undefined {
    const tag = parseHexTag(text);
    if (tag !== undefined) {
      const entry = this.ownByTag.get(tag);
      return { tag, ...(entry && creatorOf(entry)) };
    }
    const named = this.ownByName.get(text) ?? publicEntryByKeyword(text) ?? this.privateByName(text);
    return named && { tag: named.tag, ...creatorOf(named.entry) };
  }

  private privateByName(name: string): LocatedEntry | undefined {
    for (const dictionary of this.privates) {
      const found = dictionary.byName(name);
      if (found) return found;
    }
    return undefined;
  }

  private add(line: string): void {
    const [digits = '', vrs = '', vm = '', ...words] = line.split(' ');
    const tag = Number.parseInt(digits, 16);
    const entry = entryOf(vrs, vm, words.join(' '), false);
    this.ownByTag.set(tag, entry);
    this.ownByName.set(entry.name, { tag, entry });
  }
}
