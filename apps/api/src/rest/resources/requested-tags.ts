import {
  type DicomDictionary,
  findElement,
  formatTag,
  type FullTag,
  type HeaderModel,
  type MainDicomTags,
  orthancTags,
  type OrthancTags,
  tagHex,
} from '@annal/dicom';
import { depthOf, type Level, LEVELS } from '@annal/domain';
import { COMPUTED_TAGS, mainTagLevel, type ResourceRow, type RowContents } from '@annal/projections';
import { type OrthancError } from '../../http/errors/http-errors.js';
import { sequencesOf } from './main-tags-writer.js';

/** Where the value of a requested tag comes from. */
type Source =
  | { readonly from: 'main'; readonly level: Level }
  | { readonly from: 'computed'; readonly sql: string }
  | { readonly from: 'header' };

/** The tags that a request wants beside the main ones, and what must be read for them. */
export class RequestedTags {
  private readonly sources = new Map<number, Source>();

  constructor(
    private readonly dictionary: DicomDictionary,
    mainTags: MainDicomTags,
    private readonly level: Level,
    tags: readonly number[],
  ) {
    for (const tag of tags) {
      const home = mainTagLevel(mainTags, tag, level);
      const computed = COMPUTED_TAGS.get(tag);
      if (home !== undefined && home !== 'below') this.sources.set(tag, { from: 'main', level: home });
      else if (!computed) this.sources.set(tag, { from: 'header' });
      else if (computed.level === level) this.sources.set(tag, { from: 'computed', sql: computed.sql });
    }
  }

  /** Whether the headers of first instances are needed. */
  get needsHeaders(): boolean {
    return [...this.sources.values()].some(({ from }) => from === 'header');
  }

  /** What is to be read of the resources. */
  get contents(): RowContents {
    const computed: Record<string, string> = {};
    let main = false;
    let above = false;
    for (const [tag, source] of this.sources) {
      if (source.from === 'computed') computed[tagHex(tag)] = source.sql;
      if (source.from === 'main') main = true;
      if (source.from === 'main' && depthOf(source.level) < depthOf(this.level)) above = true;
    }
    return {
      ...(main && { mainTags: true }),
      ...(above && { ancestorTags: true }),
      ...(Object.keys(computed).length > 0 && { computed }),
      ...(this.needsHeaders && { firstInstance: true }),
    };
  }

  /** The tags of one resource in the form `full`. A main tag that it lacks is left out; any other one is null then. */
  values(row: ResourceRow, header: HeaderModel | undefined): OrthancTags {
    const values: Record<string, FullTag> = {};
    for (const [tag, source] of this.sources) {
      const value = this.value(tag, source, row, header);
      if (value) values[formatTag(tag)] = value;
    }
    return values;
  }

  private value(tag: number, source: Source, row: ResourceRow, header: HeaderModel | undefined): FullTag | undefined {
    const Name = this.dictionary.nameOf(tag);
    if (source.from === 'header') {
      const element = header && findElement(tag >>> 16 === 2 ? header.meta : header.dataset, tag);
      const shown = element && orthancTags([element], { dictionary: this.dictionary, format: 'full' })[formatTag(tag)];
      return (shown as FullTag | undefined) ?? { Name, Type: 'Null', Value: null };
    }
    if (source.from === 'computed') return { Name, Type: 'String', Value: row.computed![tagHex(tag)]! };
    const { tags, sequences } = mainTagsOfRow(row, this.level, source.level);
    const text = (JSON.parse(tags) as Record<string, string>)[tagHex(tag)];
    if (text !== undefined) return { Name, Type: 'String', Value: text };
    return sequences ? (sequencesOf(sequences)[formatTag(tag)] as FullTag | undefined) : undefined;
  }
}

/** Tags as a request names them. @param error what an unknown name is answered with */
export function parseTags(
  dictionary: DicomDictionary,
  names: readonly string[],
  error: (name: string) => OrthancError,
): readonly number[] {
  return names.map((name) => {
    const named = dictionary.parseTag(name);
    if (!named) throw error(name);
    return named.tag;
  });
}

const PATH = /^([0-9a-f]{4},[0-9a-f]{4})\//i;

/** The tags to be shown; a path into a sequence, `0040,0275/0040,0008`, stands for the whole sequence, as in Orthanc. */
export function parseRequestedTags(...[dictionary, names, error]: Parameters<typeof parseTags>): readonly number[] {
  return parseTags(
    dictionary,
    names.map((name) => PATH.exec(name)?.[1] ?? name),
    error,
  );
}

function mainTagsOfRow(
  row: ResourceRow,
  own: Level,
  level: Level,
): { readonly tags: string; readonly sequences?: string | null } {
  if (level === own) return { tags: row.mainTags!, sequences: row.sequences };
  switch (level) {
    case 'Patient':
      return { tags: row.patientTags!, sequences: row.patientSequences };
    case 'Study':
      return { tags: row.studyTags!, sequences: row.studySequences };
    case 'Series':
      return { tags: row.seriesTags!, sequences: row.seriesSequences };
    case 'Instance':
      throw new RangeError(`Instances are not above ${LEVELS[depthOf(own)]}`);
  }
}
