import { type DicomDictionary, formatTag, type OrthancTags, type TagFormat } from '@annal/dicom';
import { convertTags } from './convert-tags.js';

/** The order and the texts in which one set of tags is written. */
type Layout = readonly (readonly [tag: string, opening: string])[];

/** Sets of tags repeat: so many layouts are kept. */
const MAXIMUM_LAYOUTS = 2000;
/** Lists are asked for again and again: so many characters of tags, and as many of what they are written as, are kept. */
const MAXIMUM_KEPT = 2_000_000;
/** Longer texts are not kept. */
const WORTH_KEEPING = 4096;

/** Writes main DICOM tags as JSON text, keys in alphabetical order: the fast path of every list. */
export class MainTagsWriter {
  private readonly layouts = new Map<string, Layout>();
  private kept = new Map<string, string>();
  private keptBefore = new Map<string, string>();
  private keptSize = 0;

  constructor(
    private readonly dictionary: DicomDictionary,
    private readonly format: TagFormat,
  ) {}

  /**
   * As write, from the tags' own JSON text.
   * @param tags a JSON object of text by eight hexadecimal digits
   */
  writeText(tags: string, sequences?: string | null): string {
    if (sequences) return this.write(parse(tags), sequences);
    const known = this.kept.get(tags);
    if (known !== undefined) return known;
    const written = this.keptBefore.get(tags) ?? this.write(parse(tags));
    if (tags.length <= WORTH_KEEPING) this.keep(tags, written);
    return written;
  }

  /**
   * @param tags text by eight hexadecimal digits
   * @param sequences the metadata MainDicomSequences
   */
  write(tags: Readonly<Record<string, string | null>>, sequences?: string | null): string {
    if (sequences) return this.writeWith(tags, sequencesOf(sequences));
    let text = '{';
    for (const [tag, opening] of this.layout(tags)) {
      if (text.length > 1) text += ',';
      text += opening + JSON.stringify(tags[tag]);
      if (this.format === 'full') text += tags[tag] === null ? ',"Type":"Null"}' : '}';
    }
    return `${text}}`;
  }

  /** As write, with sequences in the form `full`. */
  writeWith(tags: Readonly<Record<string, string | null>>, sequences: OrthancTags): string {
    const all: Record<string, unknown> = { ...(JSON.parse(this.write(tags)) as object) };
    Object.assign(all, convertTags(sequences, this.format));
    return JSON.stringify(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  /** What was not asked for since the last time the memory was full goes. */
  private keep(tags: string, written: string): void {
    this.kept.set(tags, written);
    this.keptSize += tags.length;
    if (this.keptSize < MAXIMUM_KEPT) return;
    this.keptBefore = this.kept;
    this.kept = new Map();
    this.keptSize = 0;
  }

  private layout(tags: Readonly<Record<string, unknown>>): Layout {
    const keys = Object.keys(tags);
    const signature = keys.join();
    const known = this.layouts.get(signature);
    if (known) return known;
    const layout = keys
      .map((tag) => [this.keyOf(tag), tag] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, tag]) => [tag, this.opening(key, tag)] as const);
    if (this.layouts.size >= MAXIMUM_LAYOUTS) this.layouts.clear();
    this.layouts.set(signature, layout);
    return layout;
  }

  private keyOf(tag: string): string {
    const number = Number.parseInt(tag, 16);
    return this.format === 'simplify' ? this.dictionary.nameOf(number) : formatTag(number);
  }

  private opening(key: string, tag: string): string {
    if (this.format !== 'full') return `${JSON.stringify(key)}:`;
    const name = this.dictionary.nameOf(Number.parseInt(tag, 16));
    return `${JSON.stringify(key)}:{"Name":${JSON.stringify(name)},"Type":"String","Value":`;
  }
}

function parse(tags: string): Readonly<Record<string, string>> {
  return JSON.parse(tags) as Readonly<Record<string, string>>;
}

/** The sequences in the metadata MainDicomSequences, in the form `full`. */
export function sequencesOf(metadata: string): OrthancTags {
  return (JSON.parse(metadata) as { readonly Sequences: OrthancTags }).Sequences;
}
