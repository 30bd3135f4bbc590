import {
  depthOf,
  type EventEnvelope,
  type InstanceReconstructed,
  type InstanceStored,
  type RecordedEvent,
} from '@annal/domain';
import { headerRow, instanceRow, patientRow, seriesRow, studyRow } from './described-rows.js';
import { resourceMetadata } from './metadata.js';
import type { OpenedInstance } from './opened-instance.js';
import { sqlJson, sqlText } from './sql-literal.js';

/** The same as if the file had been stored: what it says has the same parts, sealed under another name. */
export function asStored<E extends EventEnvelope<InstanceReconstructed>>(
  event: E,
): Omit<E, 'type' | 'data'> & EventEnvelope<InstanceStored> {
  const { ids, file: blob, sealedAs, mainTagsSignatures, pixelDataOffset, pixelDataVr } = event.data;
  const data = { ids, blob, overwrite: true, sealedAs, mainTagsSignatures, pixelDataOffset, pixelDataVr };
  return { ...event, type: 'annal.instance.stored.v1', data };
}

/** The call that takes what a file says for what is known; of an erased study nothing is known any more. */
export function reconstructSql(event: RecordedEvent<InstanceReconstructed>, opened: OpenedInstance): string {
  const { only, file } = event.data;
  const stored = asStored(event);
  const { tags, unknown } = opened;
  const instance = instanceRow(0, 0, stored, opened);
  const rows = [
    { ...patientRow(0, stored, opened), metadata: resourceMetadata(stored, tags, 'Patient') },
    { ...studyRow(0, 0, stored, opened), metadata: resourceMetadata(stored, tags, 'Study') },
    { ...seriesRow(0, 0, stored, opened), metadata: resourceMetadata(stored, tags, 'Series') },
    { ...instance, metadata: ofTheFile(instance.metadata) },
    headerRow(0, opened),
  ];
  // no blob has an empty key
  const blobKey = unknown === undefined ? file.key : '';
  const level = only === undefined ? 'NULL' : depthOf(only);
  return `fold_reconstruct(${level}, ${sqlText(blobKey)}, ${rows.map(sqlJson).join(', ')}, ${event.position.offset})`;
}

/** What of an instance's metadata the file says, and not who sent it, when and how. */
function ofTheFile(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => OF_THE_FILE.has(name)));
}

const OF_THE_FILE: ReadonlySet<string> = new Set([
  'IndexInSeries',
  'MainDicomSequences',
  'MainDicomTagsSignature',
  'PixelDataOffset',
  'PixelDataVR',
  'SopClassUid',
  'TransferSyntax',
]);
