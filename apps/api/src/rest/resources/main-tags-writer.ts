import { type DicomDictionary, formatTag, type OrthancTags, type TagFormat } from '@annal/dicom';
import { convertTags } from './convert-tags.js';

/** The order and the texts in which one set of tags is written. */
type Layout = readonly (readonly [tag: string, opening: string])[];

/** Sets of tags repeat: so many layouts are kept. */
const MAXIMUM_LAYOUTS = 2000;

/** Writes main DICOM tags as JSON text, keys in alphabetical order. */
export class MainTagsWriter {
  private readonly layouts = new Map<string, Layout>();

  constructor(
    private readonly dictionary: DicomDictionary,
    private readonly format: TagFormat,
  ) {}

  /**
   * As write, from the tags' own JSON text.
   * @param tags a JSON object of text by eight hexadecimal digits
   */
  writeText(tags: string, sequences?: string | null): string {
    return this.write(JSON.parse(tags) as Readonly<Record<string, string>>, sequences);
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

/** The sequences in the metadata MainDicomSequences, in the form `full`. */
export function sequencesOf(metadata: string): OrthancTags {
  return (JSON.parse(metadata) as { readonly Sequences: OrthancTags }).Sequences;
}
