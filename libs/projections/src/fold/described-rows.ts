import type { InstanceStored, RecordedEvent } from '@annal/domain';
import { COMPRESSION_NUMBERS } from '../compression.js';
import { normalize } from '../normalize.js';
import { indexable, int32 } from './fitting.js';
import { instanceMetadata, resourceMetadata, seriesMetadata } from './metadata.js';
import type { OpenedInstance } from './opened-instance.js';
import type { HeaderRow, InstanceRow, PatientRow, SeriesRow, StudyRow } from './rows.js';

type Stored = RecordedEvent<InstanceStored>;

/** The row of a stored instance. */
export function instanceRow(key: number, seriesKey: number, event: Stored, opened: OpenedInstance): InstanceRow {
  const { tags, keyId, unknown } = opened;
  const { ids, blob } = event.data;
  const position = event.position.offset;
  return {
    key,
    id: ids.instance,
    series_key: seriesKey,
    sop_instance_uid: indexable(tags.main.Instance['00080018'] ?? ''),
    sop_class_uid: tags.sopClassUid,
    transfer_syntax_uid: tags.transferSyntaxUid,
    index_in_series: /^\d{1,9}$/.test(tags.indexInSeries ?? '') ? Number(tags.indexInSeries) : null,
    number_of_frames: int32(tags.numberOfFrames),
    main_tags: tags.main.Instance,
    metadata: instanceMetadata(event, tags),
    blob_key: blob.key,
    md5: blob.md5,
    size: blob.size,
    stored_md5: blob.storedMd5,
    stored_size: blob.storedSize,
    compression: COMPRESSION_NUMBERS[blob.compression],
    position,
    key_id: keyId,
    blank: unknown !== undefined,
  };
}

/** The header of a stored instance. */
export function headerRow(key: number, { header, headerBlob, keyId }: OpenedInstance): HeaderRow {
  return {
    instance_key: key,
    header,
    header_blob: headerBlob,
    key_id: headerBlob === null ? null : keyId,
  };
}

/** What an instance says of its patient. */
export function patientRow(key: number, event: Stored, opened: OpenedInstance): PatientRow {
  const { tags } = opened;
  const main = tags.main.Patient;
  return {
    ...beginnings(event, opened),
    blank: opened.unknown === 'all',
    key,
    id: event.data.ids.patient,
    patient_id_n: indexable(normalize(main['00100020'] ?? '')),
    patient_name_n: indexable(normalize(main['00100010'] ?? '')),
    birth_date: indexable(main['00100030'] ?? ''),
    main_tags: main,
    metadata: resourceMetadata(event, tags, 'Patient'),
    studies_count: 0,
    series_count: 0,
    protected: false,
  };
}

/** What an instance says of its study. */
export function studyRow(key: number, patientKey: number, event: Stored, opened: OpenedInstance): StudyRow {
  const { tags } = opened;
  const main = tags.main.Study;
  const patient = tags.main.Patient;
  return {
    ...beginnings(event, opened),
    key,
    id: event.data.ids.study,
    patient_key: patientKey,
    parent_id: event.data.ids.patient,
    patient_id_n: indexable(normalize(patient['00100020'] ?? '')),
    patient_name_n: indexable(normalize(patient['00100010'] ?? '')),
    patient_birth_date: indexable(patient['00100030'] ?? ''),
    patient_tags: patient,
    patient_sequences: tags.sequences?.Patient ?? null,
    study_instance_uid: indexable(main['0020000d'] ?? ''),
    study_date: indexable(main['00080020'] ?? ''),
    accession_number_n: indexable(normalize(main['00080050'] ?? '')),
    study_description_n: normalize(main['00081030'] ?? ''),
    main_tags: main,
    metadata: resourceMetadata(event, tags, 'Study'),
    series_count: 0,
  };
}

/** What an instance says of its series. */
export function seriesRow(key: number, studyKey: number, event: Stored, opened: OpenedInstance): SeriesRow {
  const { tags } = opened;
  const main = tags.main.Series;
  return {
    ...beginnings(event, opened),
    key,
    id: event.data.ids.series,
    study_key: studyKey,
    series_instance_uid: indexable(main['0020000e'] ?? ''),
    modality_n: indexable(normalize(main['00080060'] ?? '')),
    main_tags: main,
    metadata: seriesMetadata(event, tags),
    expected_instances: int32(tags.expectedInstances),
  };
}

function beginnings(
  event: Stored,
  { keyId, unknown }: OpenedInstance,
): Pick<
  SeriesRow,
  'instances_count' | 'stored_size' | 'size' | 'updated_at' | 'updated_pos' | 'stable' | 'key_id' | 'blank'
> {
  return {
    key_id: keyId,
    blank: unknown !== undefined,
    instances_count: 0,
    stored_size: 0,
    size: 0,
    updated_at: event.time,
    updated_pos: event.position.offset,
    stable: false,
  };
}
