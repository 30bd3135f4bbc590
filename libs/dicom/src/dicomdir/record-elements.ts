import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { findElement, type HeaderDataSet, type HeaderElement, itemsOf } from '../header/model.js';
import { recordTypeOf } from './record-type.js';

/** What the records of an instance and of what it belongs to are made from. */
export interface RecordSource {
  readonly dataset: HeaderDataSet;
  readonly dictionary: DicomDictionary;
  /** The time that stands for a study that tells none. */
  readonly now: Date;
}

/** The place and identity of an instance's file, as its record tells them. */
export interface ReferencedFile {
  /** The path from the directory: folders and the name of the file, of at most 8 characters each (PS3.10 section 8.2). */
  readonly fileId: readonly string[];
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

/** A record without its offsets: its type, and its keys in ascending order. */
export interface RecordElements {
  readonly type: string;
  readonly keys: readonly HeaderElement[];
}

const STUDY_DATES = [0x00080020, 0x00080021, 0x00080022, 0x00080023];
const STUDY_TIMES = [0x00080030, 0x00080031, 0x00080032, 0x00080033];
const SERIES_DESCRIPTION = 0x0008103e;
const CONTENT_SEQUENCE = 0x0040a730;
const RELATIONSHIP_TYPE = 0x0040a010;

/** The record of the patient (PS3.3 section F.5.1). */
export function patientRecord(source: RecordSource): RecordElements {
  return { type: 'PATIENT', keys: ascending([...required(source, 0x00100010), ...present(source, 0x00100020)]) };
}

/** The record of the study (section F.5.2): a date and a time there must be, so one of the instance stands in. */
export function studyRecord(source: RecordSource): RecordElements {
  const iso = source.now.toISOString();
  const date = firstOf(source, STUDY_DATES, iso.slice(0, 10).replaceAll('-', ''));
  const time = firstOf(source, STUDY_TIMES, `${iso.slice(11, 19).replaceAll(':', '')}.000000`);
  const keys = [
    [STUDY_DATES[0]!, 'DA', date] as const,
    [STUDY_TIMES[0]!, 'TM', time] as const,
    ...required(source, 0x00080050, 0x00081030, 0x0020000d),
    ...present(source, 0x00200010),
  ];
  return { type: 'STUDY', keys: ascending(keys) };
}

/** The record of the series (section F.5.3). @param extended whether SeriesDescription is added, where the instance has it */
export function seriesRecord(source: RecordSource, extended: boolean): RecordElements {
  const described = extended ? source.dataset.filter(([tag]) => tag === SERIES_DESCRIPTION) : [];
  const keys = [...required(source, 0x00080060, 0x0020000e), ...described, ...present(source, 0x00200011)];
  return { type: 'SERIES', keys: ascending(keys) };
}

/** The record of an instance, of the type that its SOP class has (sections F.5.4 and F.5.19 on). */
export function instanceRecord(source: RecordSource, file: ReferencedFile): RecordElements {
  const type = recordTypeOf(file.sopClassUid);
  const keys: HeaderElement[] = [
    [0x00041500, 'CS', file.fileId.join('\\')],
    [0x00041510, 'UI', file.sopClassUid],
    [0x00041511, 'UI', file.sopInstanceUid],
    [0x00041512, 'UI', file.transferSyntaxUid],
    ...required(source, ...type.required),
    ...present(source, ...(type.conditional ?? [])).map(conceptModifiers),
  ];
  return {
    type: type.name,
    keys: ascending(keys.filter((key) => itemsOf(key)?.length !== 0 || isRequired(key, type))),
  };
}

function isRequired([tag]: HeaderElement, { required }: { required: readonly number[] }): boolean {
  return required.includes(tag);
}

/** Of a document's content only what modifies its title goes into a directory (section F.5.25). */
function conceptModifiers(element: HeaderElement): HeaderElement {
  if (element[0] !== CONTENT_SEQUENCE) return element;
  const modifiers = (itemsOf(element) ?? []).filter(
    (item) => findElement(item, RELATIONSHIP_TYPE)?.[2] === 'HAS CONCEPT MOD',
  );
  return [element[0], 'SQ', modifiers];
}

/** Elements of the instance, empty where it lacks them. */
function required({ dataset, dictionary }: RecordSource, ...tags: number[]): HeaderElement[] {
  return tags.map((tag) => findElement(dataset, tag) ?? [tag, dictionary.lookup(tag)?.vr ?? 'LO', null]);
}

/** Elements of the instance that it has, and that are not empty. */
function present({ dataset }: RecordSource, ...tags: number[]): HeaderElement[] {
  return tags.flatMap((tag) => {
    const element = findElement(dataset, tag);
    const [, , value] = element ?? [0, '', null];
    return element && value !== null && value !== '' ? [element] : [];
  });
}

/** The first that says something; the empty one where the first of them is there but empty; else what stands in. */
function firstOf({ dataset }: RecordSource, tags: readonly number[], otherwise: string): string {
  const texts = tags.map((tag) => findElement(dataset, tag)?.[2]);
  const found = texts.find((text) => typeof text === 'string' && text !== '');
  if (typeof found === 'string') return found;
  return texts[0] === undefined ? otherwise : '';
}

function ascending(keys: readonly HeaderElement[]): readonly HeaderElement[] {
  return [...keys].sort(([a], [b]) => a - b);
}
