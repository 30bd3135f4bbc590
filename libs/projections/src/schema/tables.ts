/**
 * The read models' tables. Keys: a resource's key is the Seq of its New… row in the changes log, so keys follow from the
 * log alone and order every list. A study keeps the tags of its patient as its own first
 * instance has them, for one PatientID may stand for different people. Columns ending in `_n` hold normalised text (see normalize.ts);
 * those that are indexed hold as much of it as an index takes. `key_id` names the data keys that a row's tags were sealed
 * with in the log: they live as long as the row. A row is `blank`
 * where they are gone, and the file too: nothing but its identifier is known. `user_metadata` has what users noted on a
 * resource, by number: `{ value, revision, position, key }`, the last two being the offset of the event that set it and the
 * data key it was sealed with (`lost`, where that is gone); `labels` are in alphabetical order; both null: none. Names are unqualified:
 * the connection's search path decides between the live schema and one being rebuilt.
 */
export const READ_MODEL_TABLES = `
CREATE TABLE folded_position (
  partition int PRIMARY KEY,
  "offset" bigint NOT NULL,
  log_id uuid,
  version int NOT NULL,
  change_seq bigint NOT NULL DEFAULT 0,
  cleared_seq bigint NOT NULL DEFAULT 0,
  -- the last change that removed a resource
  removed_seq bigint NOT NULL DEFAULT 0,
  patients bigint NOT NULL DEFAULT 0,
  studies bigint NOT NULL DEFAULT 0,
  series bigint NOT NULL DEFAULT 0,
  instances bigint NOT NULL DEFAULT 0,
  stored_size bigint NOT NULL DEFAULT 0,
  size bigint NOT NULL DEFAULT 0,
  attached_size bigint NOT NULL DEFAULT 0,
  attached_stored_size bigint NOT NULL DEFAULT 0,
  -- the number of the last resource that was listed as exported
  export_seq bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

-- the last event folded of each log writer: what a log holds twice is folded once
CREATE TABLE folded_writers (
  writer uuid PRIMARY KEY,
  counter bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE patients (
  key bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  patient_id_n text COLLATE "C" NOT NULL,
  patient_name_n text COLLATE "C" NOT NULL,
  birth_date text COLLATE "C" NOT NULL,
  main_tags jsonb NOT NULL,
  metadata jsonb NOT NULL,
  studies_count int NOT NULL,
  series_count int NOT NULL,
  instances_count int NOT NULL,
  stored_size bigint NOT NULL,
  size bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_pos bigint NOT NULL,
  stable boolean NOT NULL,
  key_id uuid,
  blank boolean NOT NULL,
  protected boolean NOT NULL,
  user_metadata jsonb,
  labels text[] COLLATE "C"
) WITH (fillfactor = 80);

CREATE TABLE studies (
  key bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  patient_key bigint NOT NULL,
  parent_id text COLLATE "C" NOT NULL,
  patient_id_n text COLLATE "C" NOT NULL,
  patient_name_n text COLLATE "C" NOT NULL,
  patient_birth_date text COLLATE "C" NOT NULL,
  patient_tags jsonb NOT NULL,
  patient_sequences text,
  study_instance_uid text COLLATE "C" NOT NULL,
  study_date text COLLATE "C" NOT NULL,
  accession_number_n text COLLATE "C" NOT NULL,
  study_description_n text COLLATE "C" NOT NULL,
  main_tags jsonb NOT NULL,
  metadata jsonb NOT NULL,
  series_count int NOT NULL,
  instances_count int NOT NULL,
  stored_size bigint NOT NULL,
  size bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_pos bigint NOT NULL,
  stable boolean NOT NULL,
  key_id uuid,
  blank boolean NOT NULL,
  user_metadata jsonb,
  labels text[] COLLATE "C"
) WITH (fillfactor = 80);
CREATE INDEX studies_patient ON studies (patient_key, key);

CREATE TABLE series (
  key bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  study_key bigint NOT NULL,
  series_instance_uid text COLLATE "C" NOT NULL,
  modality_n text COLLATE "C" NOT NULL,
  main_tags jsonb NOT NULL,
  metadata jsonb NOT NULL,
  expected_instances int,
  instances_count int NOT NULL,
  stored_size bigint NOT NULL,
  size bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_pos bigint NOT NULL,
  stable boolean NOT NULL,
  key_id uuid,
  blank boolean NOT NULL,
  user_metadata jsonb,
  labels text[] COLLATE "C"
) WITH (fillfactor = 80);
CREATE INDEX series_study ON series (study_key, key);

CREATE TABLE instances (
  key bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  series_key bigint NOT NULL,
  sop_instance_uid text COLLATE "C" NOT NULL,
  sop_class_uid text COLLATE "C" NOT NULL,
  transfer_syntax_uid text COLLATE "C" NOT NULL,
  index_in_series int,
  number_of_frames int,
  main_tags jsonb NOT NULL,
  metadata jsonb NOT NULL,
  blob_key text COLLATE "C" NOT NULL,
  md5 text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  stored_md5 text COLLATE "C" NOT NULL,
  stored_size bigint NOT NULL,
  compression smallint NOT NULL,
  position bigint NOT NULL,
  key_id uuid,
  blank boolean NOT NULL,
  user_metadata jsonb,
  labels text[] COLLATE "C",
  -- how often the file was stored in another way
  revision int
);
CREATE INDEX instances_series ON instances (series_key, key);

CREATE TABLE headers (
  instance_key bigint PRIMARY KEY,
  header bytea,
  header_blob text COLLATE "C",
  key_id uuid
);
ALTER TABLE headers ALTER header SET STORAGE EXTERNAL;

-- what users attached to resources of any level, by the resource's key
CREATE TABLE attachments (
  resource_key bigint NOT NULL,
  content_type int NOT NULL,
  revision int NOT NULL,
  blob_key text COLLATE "C" NOT NULL,
  md5 text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  stored_md5 text COLLATE "C" NOT NULL,
  stored_size bigint NOT NULL,
  compression smallint NOT NULL,
  PRIMARY KEY (resource_key, content_type)
);
CREATE INDEX attachments_blob ON attachments (blob_key);

-- the bytes of attachments of a resource and all below it, where there are or were some
CREATE TABLE attached_sizes (
  resource_key bigint PRIMARY KEY,
  size bigint NOT NULL,
  stored_size bigint NOT NULL
);

CREATE TABLE changes (
  seq bigint PRIMARY KEY,
  type smallint NOT NULL,
  level smallint NOT NULL,
  resource_key bigint NOT NULL,
  resource_id text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL
);
-- a resource's New… row has the resource's key for its Seq: only the others need to be found
CREATE INDEX changes_resource ON changes (resource_key) WHERE seq <> resource_key;

-- key: the offset of its submission, by which jobs of one priority are taken in turn; ended: that of its end
CREATE TABLE jobs (
  id text COLLATE "C" PRIMARY KEY,
  key bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  priority int NOT NULL,
  ended bigint,
  -- how many outputs there are to be downloaded
  outputs int NOT NULL,
  -- the aggregate (libs/domain/src/jobs/job.ts)
  job json NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX jobs_waiting ON jobs (priority DESC, key) WHERE state IN ('Pending', 'Running');
CREATE INDEX jobs_ended ON jobs (ended) WHERE ended IS NOT NULL;
CREATE INDEX jobs_paused ON jobs (key) WHERE state = 'Paused';

-- what jobs made and still need
CREATE TABLE job_blobs (
  blob_key text COLLATE "C" PRIMARY KEY,
  job_id text COLLATE "C" NOT NULL
);
CREATE INDEX job_blobs_job ON job_blobs (job_id);

-- other servers as users changed them; run: of the server for which alone that holds, '' for all
CREATE TABLE remotes (
  kind text COLLATE "C" NOT NULL,
  run text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  -- of the event that says so, which the sealed options belong to
  event_id text COLLATE "C" NOT NULL,
  key_id uuid,
  -- the options as they stand in the log; null: it is not there, though the configuration may name it
  sealed json,
  PRIMARY KEY (kind, run, name)
);
CREATE INDEX remotes_key ON remotes (key_id);

-- what was sent elsewhere (libs/domain/src/exports); key: the offset of its first event. Identifiers alone are kept of
-- resources: what they say is read from their own rows, and is gone with these
CREATE TABLE exports (
  key bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  protocol text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text COLLATE "C",
  address text COLLATE "C",
  actor json NOT NULL,
  correlation_id text COLLATE "C" NOT NULL,
  begun_at text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  instances bigint,
  failed bigint,
  bytes bigint,
  error_code int,
  reported_at text COLLATE "C" NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX exports_pending ON exports (key) WHERE outcome = 'pending';

CREATE TABLE export_resources (
  export_key bigint NOT NULL,
  -- in the export's list, from 0
  place int NOT NULL,
  -- null, with all that follows the identifier: it was not there
  level smallint,
  resource_id text COLLATE "C" NOT NULL,
  patient_id text COLLATE "C",
  study_id text COLLATE "C",
  series_id text COLLATE "C",
  -- instances of it that were to be sent, and the most that are known to have arrived before the export ended
  asked bigint,
  arrived bigint,
  PRIMARY KEY (export_key, place)
);
CREATE INDEX export_resources_resource ON export_resources (resource_id, export_key);
CREATE INDEX export_resources_patient ON export_resources (patient_id, export_key);
CREATE INDEX export_resources_study ON export_resources (study_id, export_key);
CREATE INDEX export_resources_series ON export_resources (series_id, export_key) WHERE series_id IS NOT NULL;

-- what GET /exports lists, until that is cleared
CREATE TABLE listed_exports (
  seq bigint PRIMARY KEY,
  export_key bigint NOT NULL,
  place int NOT NULL,
  date text COLLATE "C" NOT NULL
);
`;

/** Raised whenever tables or folds change: a start that finds another version rebuilds the read models from the log. */
export const READ_MODEL_VERSION = 18;
