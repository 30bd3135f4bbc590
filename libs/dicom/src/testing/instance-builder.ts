import { buildDicom } from './part10-builder.js';
import { type BuilderEntry } from './element-writer.js';

/** The usual attributes of one instance; everything has a default. */
export interface InstanceDescription {
  readonly patientId?: string;
  readonly patientName?: string;
  readonly patientBirthDate?: string;
  readonly patientSex?: string;
  readonly studyUid?: string;
  readonly seriesUid?: string;
  readonly sopUid?: string;
  readonly sopClassUid?: string;
  readonly modality?: string;
  readonly studyDate?: string;
  readonly studyTime?: string;
  readonly studyDescription?: string;
  readonly studyId?: string;
  readonly seriesDescription?: string;
  readonly seriesNumber?: number;
  readonly accessionNumber?: string;
  readonly instanceNumber?: number;
  readonly characterSet?: string;
  readonly transferSyntax?: string;
  /** Native pixels, or how many bytes of them to make (16-bit grey, one row each 512 bytes); absent: no pixel data. */
  readonly pixelBytes?: Buffer | number;
  /** Encapsulated fragments, the basic offset table first; takes precedence over `pixelBytes`. */
  readonly fragments?: readonly Buffer[];
  /** Replace elements of the same tag or add others. */
  readonly extra?: readonly BuilderEntry[];
  /** Elements behind the pixel data. */
  readonly trailing?: readonly BuilderEntry[];
}

const COLUMNS = 256;
const tagOf = (entry: BuilderEntry): number => ('tag' in entry ? entry.tag : entry[0]);

function pixels(pixelBytes: Buffer | number): Buffer {
  if (Buffer.isBuffer(pixelBytes)) return pixelBytes;
  const bytes = Buffer.alloc(pixelBytes + (pixelBytes % 2));
  for (let index = 0; index + 1 < bytes.length; index += 2) bytes.writeUInt16LE((index * 7919) & 0x0fff, index);
  return bytes;
}

function imageElements(length: number): BuilderEntry[] {
  return [
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', Math.min(0xffff, Math.max(1, Math.floor(length / (2 * COLUMNS))))],
    [0x00280011, 'US', COLUMNS],
    [0x00280100, 'US', 16],
    [0x00280101, 'US', 12],
    [0x00280102, 'US', 11],
    [0x00280103, 'US', 0],
  ];
}

/** One instance as a Part 10 file: what most tests and benchmarks upload. */
export function buildInstance(instance: InstanceDescription = {}): Buffer {
  const { characterSet, accessionNumber, pixelBytes, fragments } = instance;
  const pixelData = fragments ?? (pixelBytes === undefined ? undefined : pixels(pixelBytes));
  const length = Buffer.isBuffer(pixelData) ? pixelData.length : 2 * COLUMNS;
  const entries: BuilderEntry[] = [
    ...(characterSet === undefined ? [] : [[0x00080005, 'CS', characterSet] as const]),
    [0x00080016, 'UI', instance.sopClassUid ?? '1.2.840.10008.5.1.4.1.1.7'],
    [0x00080018, 'UI', instance.sopUid ?? '1.2.3.1.1.1'],
    [0x00080020, 'DA', instance.studyDate ?? '20240102'],
    [0x00080030, 'TM', instance.studyTime ?? '101112'],
    [0x00080050, 'SH', accessionNumber ?? ''],
    [0x00080060, 'CS', instance.modality ?? 'OT'],
    [0x00081030, 'LO', instance.studyDescription ?? 'Study'],
    [0x0008103e, 'LO', instance.seriesDescription ?? 'Series'],
    [0x00100010, 'PN', instance.patientName ?? 'Doe^Jane'],
    [0x00100020, 'LO', instance.patientId ?? 'P1'],
    [0x00100030, 'DA', instance.patientBirthDate ?? '19700101'],
    [0x00100040, 'CS', instance.patientSex ?? 'O'],
    [0x0020000d, 'UI', instance.studyUid ?? '1.2.3.1'],
    [0x0020000e, 'UI', instance.seriesUid ?? '1.2.3.1.1'],
    [0x00200010, 'SH', instance.studyId ?? '1'],
    [0x00200011, 'IS', String(instance.seriesNumber ?? 1)],
    [0x00200013, 'IS', String(instance.instanceNumber ?? 1)],
    ...(pixelData === undefined ? [] : imageElements(length)),
  ];
  const byTag = new Map(entries.map((entry) => [tagOf(entry), entry]));
  for (const entry of instance.extra ?? []) byTag.set(tagOf(entry), entry);
  return buildDicom({
    transferSyntax: instance.transferSyntax,
    elements: [...byTag.values()].sort((a, b) => tagOf(a) - tagOf(b)),
    pixelData,
    trailing: instance.trailing,
  });
}
