import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { findElement, type HeaderElement, type HeaderModel, itemsOf } from '../header/model.js';
import {
  instanceRecord,
  patientRecord,
  type RecordElements,
  type RecordSource,
  type ReferencedFile,
  seriesRecord,
  studyRecord,
} from './record-elements.js';
import { EXPLICIT_LITTLE_ENDIAN } from '../tokenizer/transfer-syntax.js';
import { recordText } from './record-text.js';
import { sequenceEnd, sequenceStart, writeElement, writeHeaderElement, writeItem } from './write-element.js';

/** What a directory is made with. */
export interface DirectoryOptions {
  readonly dictionary: DicomDictionary;
  /** File-set ID (0004,1130), up to 16 characters. */
  readonly fileSetId: string;
  /** The directory's own Media Storage SOP Instance UID. */
  readonly instanceUid: string;
  /** Implementation Class UID of who writes it. */
  readonly implementationClassUid: string;
  /** Whether series tell their description, which is optional. */
  readonly extended: boolean;
  /** The time that stands for studies that tell none. */
  readonly now: Date;
}

/** An instance to be listed, with what it belongs to. */
export interface ListedInstance {
  readonly header: HeaderModel;
  readonly file: ReferencedFile;
  /** Names of its patient, study and series that tell them from others, whatever they are. */
  readonly within: readonly [patient: string, study: string, series: string];
}

interface DirectoryRecord {
  readonly depth: 0 | 1 | 2 | 3;
  /** The whole item, its offsets still 0. */
  readonly bytes: Buffer;
}

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const SPECIFIC_CHARACTER_SET = 0x00080005;
const DIRECTORY_RECORD_SEQUENCE = 0x00041220;
/** Where the offsets stand in an item: behind its header, the first and the third element. */
const NEXT_AT = 16;
const LOWER_AT = 38;

/** A DICOMDIR (PS3.3 annex F, PS3.10 section 8.6): patients with their studies, series and instances. */
export class DicomDirectory {
  private readonly records: DirectoryRecord[] = [];
  private within: ListedInstance['within'] | undefined;

  constructor(private readonly options: DirectoryOptions) {}

  /** Lists an instance; those of one series, study and patient must follow each other. */
  add({ header, file, within }: ListedInstance): void {
    const { dictionary, now, extended } = this.options;
    const source: RecordSource = { dataset: header.dataset, dictionary, now };
    const other = within.findIndex((name, depth) => this.within?.[depth] !== name);
    const listed = other < 0 ? within.length : other;
    if (listed === 0) this.append(0, patientRecord(source), source);
    if (listed <= 1) this.append(1, studyRecord(source), source);
    if (listed <= 2) this.append(2, seriesRecord(source, extended), source);
    this.append(3, instanceRecord(source, file), source);
    this.within = within;
  }

  /** The file. @throws RangeError when it would be larger than its 32-bit offsets allow */
  bytes(): Buffer {
    const beginning = this.beginning();
    const offsets = this.link(beginning.length);
    const patients = offsets.filter((_offset, index) => this.records[index]!.depth === 0);
    const roots = this.beginning(patients[0] ?? 0, patients.at(-1) ?? 0);
    return Buffer.concat([roots, ...this.records.map(({ bytes }) => bytes), sequenceEnd()]);
  }

  private append(depth: DirectoryRecord['depth'], { type, keys }: RecordElements, { dataset }: RecordSource): void {
    const declared = findElement(dataset, SPECIFIC_CHARACTER_SET)?.[2];
    const text = recordText(keys.flatMap(textsIn), typeof declared === 'string' ? declared : '');
    const termed: readonly HeaderElement[] = text.term === undefined ? [] : [[SPECIFIC_CHARACTER_SET, 'CS', text.term]];
    const all = [...keys, ...termed].sort(([a], [b]) => a - b);
    const elements = [
      writeElement(0x00041400, 'UL', Buffer.alloc(4)),
      writeElement(0x00041410, 'US', Buffer.from([0xff, 0xff])),
      writeElement(0x00041420, 'UL', Buffer.alloc(4)),
      writeElement(0x00041430, 'CS', Buffer.from(type)),
      ...all.map((element) => writeHeaderElement(element, text.encode)),
    ];
    this.records.push({ depth, bytes: writeItem(Buffer.concat(elements)) });
  }

  /** Writes the offsets into the records: of the next one at a level, and of the first one below (PS3.3 section F.3.2.2). */
  private link(start: number): readonly number[] {
    const offsets: number[] = [];
    let offset = start;
    for (const { bytes } of this.records) {
      offsets.push(offset);
      offset += bytes.length;
    }
    if (offset > 0xffffffff) throw new RangeError('A DICOMDIR of more than 4 GiB');
    const next = [0, 0, 0, 0, 0];
    for (let index = this.records.length - 1; index >= 0; index--) {
      const { depth, bytes } = this.records[index]!;
      bytes.writeUInt32LE(next[depth]!, NEXT_AT);
      bytes.writeUInt32LE(next[depth + 1]!, LOWER_AT);
      next[depth] = offsets[index]!;
      next.fill(0, depth + 1);
    }
    return offsets;
  }

  /** The file up to the first record. */
  private beginning(firstRoot = 0, lastRoot = 0): Buffer {
    const { fileSetId, instanceUid, implementationClassUid } = this.options;
    const uid = (tag: number, value: string): Buffer => writeElement(tag, 'UI', Buffer.from(value));
    const meta = Buffer.concat([
      writeElement(0x00020001, 'OB', Buffer.from([0, 1])),
      uid(0x00020002, MEDIA_STORAGE_DIRECTORY),
      uid(0x00020003, instanceUid),
      uid(0x00020010, EXPLICIT_LITTLE_ENDIAN),
      uid(0x00020012, implementationClassUid),
    ]);
    return Buffer.concat([
      Buffer.alloc(128),
      Buffer.from('DICM'),
      writeElement(0x00020000, 'UL', uint32(meta.length)),
      meta,
      writeElement(0x00041130, 'CS', Buffer.from(fileSetId)),
      writeElement(0x00041200, 'UL', uint32(firstRoot)),
      writeElement(0x00041202, 'UL', uint32(lastRoot)),
      writeElement(0x00041212, 'US', Buffer.alloc(2)),
      sequenceStart(DIRECTORY_RECORD_SEQUENCE),
    ]);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The texts in an element and in its items. */
function textsIn(element: HeaderElement): readonly string[] {
  const items = itemsOf(element);
  if (items) return items.flatMap((item) => item.flatMap(textsIn));
  return typeof element[2] === 'string' ? [element[2]] : [];
}
