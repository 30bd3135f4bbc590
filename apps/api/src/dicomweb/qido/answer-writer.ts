import {
  type DicomDictionary,
  dicomJson,
  formatTag,
  type HeaderElement,
  type HeaderModel,
  type OrthancTags,
  tagHex,
} from '@annal/dicom';
import type { Level } from '@annal/domain';
import type { ResourceRow } from '@annal/projections';
import { sequencesOf } from '../../rest/resources/main-tags-writer.js';
import { resourcePath } from '../common/web-paths.js';
import { elementOfHeader, elementOfSequence, elementOfText, narrowed } from './attribute-elements.js';
import type { ShownAttribute, ShownAttributes } from './shown-attributes.js';

/** Stands in written answers for the URL of the DICOMweb services, which is another one for other clients: no JSON has a NUL. */
const BASE = '\0';
const RETRIEVE_URL = 0x00081190;
const CHARACTER_SET: HeaderElement = [0x00080005, 'CS', 'ISO_IR 192'];

/** Main tags of a level: text by eight hexadecimal digits. */
type Texts = Readonly<Record<string, string>>;

/** Writes found resources in the DICOM JSON model, for any client: {@link forClient} makes them one client's. */
export class AnswerWriter {
  constructor(
    private readonly dictionary: DicomDictionary,
    private readonly shown: ShownAttributes,
  ) {}

  /** @param header of the first instance, where it is needed and known */
  write(row: ResourceRow, header: HeaderModel | undefined): string {
    const tags = new RowTags(row, this.shown.level);
    const before: HeaderElement[] = [CHARACTER_SET];
    const after: HeaderElement[] = [];
    for (const attribute of this.shown.list) {
      const element = this.element(attribute, row, tags, header);
      if (!element) continue;
      const kept = attribute.within ? narrowed(element, attribute.within) : element;
      (attribute.tag < RETRIEVE_URL ? before : after).push(kept);
    }
    const { dictionary } = this;
    const start = dicomJson(before, { dictionary }).slice(0, -1);
    const end = dicomJson(after, { dictionary }).slice(1);
    return `${start},"00081190":{"vr":"UR","Value":["${BASE}${tags.path()}"]}${end === '}' ? '' : ','}${end}`;
  }

  private element(
    { tag, source }: ShownAttribute,
    row: ResourceRow,
    tags: RowTags,
    header: HeaderModel | undefined,
  ): HeaderElement | undefined {
    switch (source.from) {
      case 'below':
      case 'computed': {
        const text: string | null = row.computed![tagHex(tag)]!;
        return text === null ? undefined : elementOfText(tag, text, this.dictionary);
      }
      case 'header':
        return header && elementOfHeader(tag, header);
      case 'main': {
        const text = tags.texts(source.level)[tagHex(tag)];
        if (text !== undefined) return elementOfText(tag, text, this.dictionary);
        const items = tags.items(source.level, tag);
        return items && elementOfSequence(tag, items, this.dictionary);
      }
    }
  }
}

/** A written answer, or several, with the URL that a client uses. */
export function forClient(text: string, baseUrl: string): string {
  const base = JSON.stringify(baseUrl).slice(1, -1);
  return text.replaceAll(BASE, () => base);
}

/** The main tags of a row, each level parsed once. */
class RowTags {
  private readonly parsed = new Map<Level, Texts>();

  constructor(
    private readonly row: ResourceRow,
    private readonly own: Level,
  ) {}

  texts(level: Level): Texts {
    let texts = this.parsed.get(level);
    if (!texts) this.parsed.set(level, (texts = JSON.parse(this.stored(level)[0] ?? '{}') as Texts));
    return texts;
  }

  /** The items of a main tag that is a sequence. */
  items(level: Level, tag: number): readonly OrthancTags[] | undefined {
    const [, sequences] = this.stored(level);
    const found = sequences ? sequencesOf(sequences)[formatTag(tag)] : undefined;
    return (found as { readonly Value?: readonly OrthancTags[] } | undefined)?.Value;
  }

  /** Below the URL of the services. */
  path(): string {
    const uid = (level: Level, tag: string): string => this.texts(level)[tag] ?? '';
    return resourcePath({
      study: uid('Study', '0020000d'),
      ...(this.own !== 'Study' && { series: uid('Series', '0020000e') }),
      ...(this.own === 'Instance' && { instance: uid('Instance', '00080018') }),
    });
  }

  private stored(level: Level): readonly [tags: string | undefined, sequences: string | null | undefined] {
    const { row } = this;
    if (level === this.own) return [row.mainTags, row.sequences];
    if (level === 'Patient') return [row.patientTags, row.patientSequences];
    return level === 'Study' ? [row.studyTags, row.studySequences] : [row.seriesTags, row.seriesSequences];
  }
}
