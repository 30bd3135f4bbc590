import type { Actor, ExportOutcome } from '@annal/domain';

/** The rows that the fold writes, as `fold_write` takes them: column names, JSON values. */

/** What the rows of patients, studies and series have in common. */
interface AncestorRow {
  key: number;
  id: string;
  main_tags: Readonly<Record<string, string>>;
  metadata: Readonly<Record<string, string>>;
  instances_count: number;
  stored_size: number;
  size: number;
  updated_at: string;
  updated_pos: number;
  stable: boolean;
  /** The data keys that the tags were sealed with; null: none. */
  key_id: string | null;
  /** Whether nothing but its identifier is known: the next instance that is whole fills it in. */
  blank: boolean;
}

export interface PatientRow extends AncestorRow {
  patient_id_n: string;
  patient_name_n: string;
  birth_date: string;
  studies_count: number;
  series_count: number;
  /** From being recycled. */
  protected: boolean;
}

export interface StudyRow extends AncestorRow {
  patient_key: number;
  parent_id: string;
  patient_id_n: string;
  patient_name_n: string;
  patient_birth_date: string;
  patient_tags: Readonly<Record<string, string>>;
  patient_sequences: string | null;
  study_instance_uid: string;
  study_date: string;
  accession_number_n: string;
  study_description_n: string;
  series_count: number;
}

export interface SeriesRow extends AncestorRow {
  study_key: number;
  series_instance_uid: string;
  modality_n: string;
  expected_instances: number | null;
}

export interface InstanceRow {
  key: number;
  id: string;
  series_key: number;
  sop_instance_uid: string;
  sop_class_uid: string;
  transfer_syntax_uid: string;
  index_in_series: number | null;
  number_of_frames: number | null;
  main_tags: Readonly<Record<string, string>>;
  metadata: Readonly<Record<string, string>>;
  blob_key: string;
  md5: string;
  size: number;
  stored_md5: string;
  stored_size: number;
  compression: number;
  position: number;
  key_id: string | null;
  /** Whether nothing but its identifier is known. */
  blank: boolean;
}

export interface HeaderRow {
  instance_key: number;
  header: string | null;
  header_blob: string | null;
  /** The data key that the blob is sealed with; null: none. */
  key_id: string | null;
}

export interface ChangeRow {
  seq: number;
  position: number;
  type: number;
  level: number;
  resource_key: number;
  resource_id: string;
  date: string;
}

/** A row that was blank, as it is once something is known: counts and times are those of before. */
export interface Fillings {
  readonly patients: readonly PatientRow[];
  readonly studies: readonly StudyRow[];
  readonly series: readonly SeriesRow[];
}

/** What is noted on a resource: labels and protection as they are, of the metadata what changed. */
export interface AnnotationRow {
  /** 0 patient … 3 instance. */
  readonly level: number;
  readonly key: number;
  readonly labels: readonly string[] | null;
  readonly set: Readonly<Record<string, object>>;
  readonly removed: readonly string[];
  readonly protected: boolean;
}

export interface GarbageRow {
  readonly key: string;
  readonly instance_id: string;
  readonly position: number;
}

/** A job as it is after the batch. */
export interface JobRow {
  readonly id: string;
  readonly key: number;
  readonly type: string;
  readonly state: string;
  readonly priority: number;
  readonly ended: number | null;
  readonly outputs: number;
  readonly job: object;
}

/** What a batch makes of jobs. */
export interface JobsDifference {
  readonly jobs: readonly JobRow[];
  readonly removed: readonly string[];
  /** Jobs whose blobs that were there before become garbage. */
  readonly freed: readonly { readonly job_id: string; readonly position: number }[];
  readonly blobs: readonly { readonly blob_key: string; readonly job_id: string }[];
  readonly garbage: readonly GarbageRow[];
}

/** Another server as a batch leaves it; in a run, `sealed` is null for one that is not there. */
export interface RemoteRow {
  readonly kind: string;
  readonly run: string;
  readonly name: string;
  readonly event_id: string;
  readonly key_id: string | null;
  readonly sealed: object | null;
}

/** What a batch makes of other servers. */
export interface RemotesDifference {
  readonly set: readonly RemoteRow[];
  readonly removed: readonly Pick<RemoteRow, 'kind' | 'run' | 'name'>[];
}

/** An export, as far as a batch knows it. */
export interface ExportRow {
  readonly key: number;
  readonly id: string;
  readonly protocol: string;
  readonly kind: string;
  readonly name: string | null;
  readonly address: string | null;
  readonly actor: Actor;
  readonly correlation_id: string;
  readonly begun_at: string;
  readonly outcome: ExportOutcome;
  readonly instances: number | null;
  readonly failed: number | null;
  readonly bytes: number | null;
  readonly error_code: number | null;
  readonly reported_at: string;
}

/** A resource of an export, and whether it is to be listed, as of which event. */
export interface ExportResourceRow {
  readonly export_id: string;
  readonly place: number;
  readonly level: number | null;
  readonly resource_id: string;
  readonly patient_id: string | null;
  readonly study_id: string | null;
  readonly series_id: string | null;
  /** Instances of it that were to be sent, and that arrived; null: unknown, and none that were reported. */
  readonly asked: number | null;
  readonly arrived: number | null;
  readonly listed: boolean;
  readonly position: number;
  readonly date: string;
}

/** What arrived of a resource that was named, at every place where it was. */
export interface ArrivedRow {
  readonly export_id: string;
  readonly resource_id: string;
  readonly instances: number;
}

/** What a batch says of exports. */
export interface ExportsDifference {
  readonly exports: readonly ExportRow[];
  readonly resources: readonly ExportResourceRow[];
  /** Of resources that were named before. */
  readonly arrived: readonly ArrivedRow[];
}

/** What a batch adds to an existing row. */
export interface DeltaRow {
  key: number;
  studies: number;
  series: number;
  instances: number;
  stored_size: number;
  size: number;
  updated_at: string | null;
  updated_pos: number | null;
  stable: boolean;
}

export interface TotalsRow {
  offset: number;
  change_seq: number;
  log_id: string | null;
  patients: number;
  studies: number;
  series: number;
  instances: number;
  stored_size: number;
  size: number;
}

/** The difference that a batch makes; absent parts are empty. */
export interface WriteSet {
  patients?: PatientRow[];
  studies?: StudyRow[];
  series?: SeriesRow[];
  instances?: InstanceRow[];
  headers?: HeaderRow[];
  patient_deltas?: DeltaRow[];
  study_deltas?: DeltaRow[];
  series_deltas?: DeltaRow[];
  changes?: ChangeRow[];
  garbage?: GarbageRow[];
  outcomes?: { event_id: string; outcome: unknown }[];
  /** Written by a statement of its own: they are rare. */
  fillings?: Fillings;
  /** The same. */
  annotations?: AnnotationRow[];
  /** The same. */
  jobs?: JobsDifference;
  /** The same. */
  remotes?: RemotesDifference;
  /** The same. */
  exports?: ExportsDifference;
  totals: TotalsRow;
}
