import { type Tag } from '../dataset.js';
import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { tagHex } from '../dictionary/tag-text.js';
import { orthancTags, type OrthancTags } from '../formats/orthanc-tags.js';
import { orthancValue } from '../formats/orthanc-value.js';
import { type HeaderElement, type HeaderModel } from '../header/model.js';
import { type MainDicomTags, RESOURCE_LEVELS, type ResourceLevel } from './main-dicom-tags.js';

/** Text of main DICOM tags by tag in eight lower-case hexadecimal digits. */
export type TagTexts = Readonly<Record<string, string>>;

/** What an instance says about one of its resources. */
export interface MainTagValues {
  /** Tags that are there as text; empty ones too, but none that is binary or longer than 256 bytes. */
  readonly tags: TagTexts;
  /** Sequences among the main tags, in the form `full` by `gggg,eeee`; undefined when there are none. */
  readonly sequences?: OrthancTags;
}

function valuesOf(
  elements: ReadonlyMap<Tag, HeaderElement>,
  wanted: readonly Tag[],
  dictionary: DicomDictionary,
): MainTagValues {
  const texts: Record<string, string> = {};
  const sequences: HeaderElement[] = [];
  for (const tag of wanted) {
    const element = elements.get(tag);
    if (element?.[1] === 'SQ') sequences.push(element);
    const value = element && element[1] !== 'SQ' ? orthancValue(element).value : null;
    if (value !== null) texts[tagHex(tag)] = value;
  }
  if (sequences.length === 0) return { tags: texts };
  return { tags: texts, sequences: orthancTags(sequences, { dictionary, format: 'full' }) };
}

/** The main DICOM tags of the four resources that an instance belongs to, as Orthanc keeps them. */
export function mainTagsOf(
  model: HeaderModel,
  mainTags: MainDicomTags,
  dictionary: DicomDictionary,
): Readonly<Record<ResourceLevel, MainTagValues>> {
  const elements = new Map(model.dataset.map((element) => [element[0], element]));
  const levels = RESOURCE_LEVELS.map((level) => [level, valuesOf(elements, mainTags.tags(level), dictionary)] as const);
  return Object.fromEntries(levels) as Record<ResourceLevel, MainTagValues>;
}

/** The metadata MainDicomSequences of a resource: plain ASCII, as Orthanc writes it. */
export function mainSequencesMetadata(sequences: OrthancTags): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify({ Sequences: sequences, Version: 1 }).replace(/[\u007f-\uffff]/g, escape);
}
