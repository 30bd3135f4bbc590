import { type DicomDictionary, type MainDicomTags, tagHex } from '@annal/dicom';
import { type AttributePath, defaultAttributes, type QidoLevel, type QidoParameters } from '@annal/dicomweb';
import {
  COMPUTED_TAGS,
  isAtOrAbove,
  lowerTagLevel,
  lowerTagText,
  mainTagLevel,
  type RowContents,
  SOP_CLASS_UID,
} from '@annal/projections';
import type { Level } from '@annal/domain';
import { pathsInScope, type SearchScope } from './find-query.js';

/** Where an attribute comes from. */
export type AttributeSource =
  | { readonly from: 'main'; readonly level: Level }
  | { readonly from: 'computed'; readonly sql: string }
  /** A main tag of a lower level, as the first resource there has it. */
  | { readonly from: 'below'; readonly sql: string }
  | { readonly from: 'header' };

/** An attribute that an answer shows. */
export interface ShownAttribute {
  readonly tag: number;
  readonly source: AttributeSource;
  /** Of a sequence, what is shown of its items, below the sequence itself; absent: all of them. */
  readonly within?: readonly AttributePath[];
}

/** What every answer shows, whoever asks. */
const ALWAYS = new Set([0x00080005, 0x00081190]);

/** The attributes that the answer of a search shows, and what must be read for them. */
export class ShownAttributes {
  /** In ascending order. */
  readonly list: readonly ShownAttribute[];
  readonly level: QidoLevel;

  constructor(
    private readonly dictionary: DicomDictionary,
    private readonly mainTags: MainDicomTags,
    scope: SearchScope,
    { filters, fields, allFields }: QidoParameters,
  ) {
    this.level = scope.level;
    const named = [...pathsInScope(scope, filters), ...fields];
    const inQuery = filters.filter(({ path }) => path.length === 1).map(({ path }) => path[0]!);
    const shown = new Map<number, AttributePath[] | undefined>();
    const show = (tag: number): unknown => shown.set(tag, undefined);
    defaultAttributes(this.level, new Set(inQuery)).forEach(show);
    if (allFields) this.allTags().forEach(show);
    named.filter((path) => path.length === 1).forEach(([tag]) => show(tag!));
    for (const [sequence, ...inside] of named.filter((path) => path.length > 1)) {
      if (!shown.has(sequence!)) shown.set(sequence!, []);
      shown.get(sequence!)?.push(inside);
    }
    const asked = new Set(named.map(([tag]) => tag!));
    this.list = [...shown].flatMap(([tag, within]) => this.shown(tag, within, asked.has(tag))).sort(byTag);
  }

  /** Whether the headers of first instances are needed. */
  get needsHeaders(): boolean {
    return this.list.some(({ source }) => source.from === 'header');
  }

  /** Whether a version of a lineage decides about them: what is said below may change without it. */
  get followVersions(): boolean {
    return (
      this.level === 'Instance' || this.list.every(({ source: { from } }) => from === 'main' || from === 'computed')
    );
  }

  /** The same for all that show the same. */
  get name(): string {
    const attributes = this.list.map(({ tag, within }) => (within ? `${tag}[${within.join(';')}]` : tag));
    return `${this.level} ${attributes.join(' ')}`;
  }

  /** What is to be read of the resources. */
  get contents(): RowContents {
    const computed: Record<string, string> = {};
    for (const { tag, source } of this.list) if ('sql' in source) computed[tagHex(tag)] = source.sql;
    return {
      version: 'lineage',
      mainTags: true,
      ancestorTags: true,
      ...(Object.keys(computed).length > 0 && { computed }),
      ...(this.needsHeaders && { firstInstance: true }),
    };
  }

  private shown(tag: number, within: readonly AttributePath[] | undefined, asked: boolean): readonly ShownAttribute[] {
    if (ALWAYS.has(tag)) return [];
    const source = this.sourceOf(tag, asked);
    return source ? [{ tag, source, ...(within && { within }) }] : [];
  }

  /** undefined: it is not shown at this level. */
  private sourceOf(tag: number, asked: boolean): AttributeSource | undefined {
    const home = mainTagLevel(this.mainTags, tag, this.level);
    if (home !== undefined && home !== 'below') return { from: 'main', level: home };
    if (tag === SOP_CLASS_UID && this.level === 'Instance') return { from: 'computed', sql: 'i.sop_class_uid' };
    const lower = lowerTagLevel(this.mainTags, tag, this.level);
    // of sequences the index keeps more than a text
    if (lower && this.dictionary.vrOf(tag) !== 'SQ')
      return { from: 'below', sql: lowerTagText(this.level, lower, tag) };
    const computed = COMPUTED_TAGS.get(tag);
    if (!computed || computed.level === 'Patient') return { from: 'header' };
    // what is above counts where somebody asks for it
    const isShown = computed.level === this.level || (asked && isAtOrAbove(computed.level, this.level));
    return isShown ? { from: 'computed', sql: computed.sql } : undefined;
  }

  /** All that the index knows of the level and of those above it. */
  private allTags(): readonly number[] {
    const levels = (['Patient', 'Study', 'Series', 'Instance'] as const).filter((each) =>
      isAtOrAbove(each, this.level),
    );
    const computed = [...COMPUTED_TAGS].filter(([, { level }]) => level === this.level).map(([tag]) => tag);
    return [...levels.flatMap((each) => this.mainTags.tags(each)), ...computed];
  }
}

function byTag(a: ShownAttribute, b: ShownAttribute): number {
  return a.tag - b.tag;
}
