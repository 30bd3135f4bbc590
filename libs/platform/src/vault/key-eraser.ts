import type { BlobStore, EventLog } from '@annal/domain';
import { foldedOffset, type Queryable } from '@annal/projections';
import { v7 as uuidv7 } from 'uuid';
import type { ERASURE_CRASH_POINTS } from '../faults/crash-point.js';
import { appliedSql, type Destroyed, destroyPatientsSql, destroySql, writeMark } from './destruction-mark.js';

const BATCH = 500;

/** Retires the keys of studies that are gone, and destroys them and those of forgotten jobs and remotes once nothing can need them any more. */
export class KeyEraser {
  /** What was due at a time, and the log's end of then. */
  private awaited: { readonly before: string; readonly end: number } | undefined;

  /**
   * @param grace seconds after which nothing sealed with a retired key is on its way to the log any more
   * @param forget told when keys were destroyed
   */
  constructor(
    private readonly database: Queryable,
    private readonly log: EventLog,
    private readonly blobs: Pick<BlobStore, 'mark'>,
    private readonly grace: number,
    private readonly forget: () => void,
    private readonly checkpoint: (step: (typeof ERASURE_CRASH_POINTS)[number]) => Promise<void>,
  ) {}

  /**
   * Retires the keys of studies and patients that the fold removed: nothing more is sealed with them. Resolves with how
   * many were removed.
   */
  async retire(): Promise<number> {
    const { rows } = await this.database.query<{ removed: number }>(RETIRE, [BATCH]);
    return rows[0]!.removed;
  }

  /** Retires keys of studies and patients that never came to be, made more than a day ago. */
  async retireUnused(): Promise<void> {
    await this.database.query(RETIRE_UNUSED, []);
  }

  /**
   * Destroys retired keys that no row needs any more, once their grace is over and the fold has passed whatever was in the
   * log by then. Resolves with how many.
   */
  async destroy(): Promise<number> {
    const { rows } = await this.database.query<{ before: string }>(DUE, [this.grace]);
    if (!rows[0]) return 0;
    // of uploads without end the fold is always behind the log's end of now, but not behind that of a while ago
    this.awaited ??= { before: rows[0].before, end: (await this.log.end()).offset };
    const { before, end } = this.awaited;
    if ((await foldedOffset(this.database)) < end) return 0;
    this.awaited = undefined;
    return (
      (await this.destroyStudyKeys(before)) +
      (await this.destroyPatientKeys(before)) +
      (await this.destroyJobKeys(before))
    );
  }

  private async destroyStudyKeys(before: string): Promise<number> {
    const { rows } = await this.database.query<{ id: string; whole: boolean }>(UNUSED, [before, BATCH]);
    if (rows.length === 0) return 0;
    const keys = rows.filter((row) => row.whole).map(({ id }) => id);
    const studyParts = rows.filter((row) => !row.whole).map(({ id }) => id);
    await this.destroyMarked({ keys, studyParts, patients: [] });
    return rows.length;
  }

  private async destroyPatientKeys(before: string): Promise<number> {
    const { rows } = await this.database.query<{ id: string }>(EMPTY_PATIENTS, [before, BATCH]);
    if (rows.length === 0) return 0;
    await this.destroyMarked({ keys: [], studyParts: [], patients: rows.map(({ id }) => id) });
    return rows.length;
  }

  private async destroyJobKeys(before: string): Promise<number> {
    const { rows } = await this.database.query<{ id: string }>(FORGOTTEN_JOBS, [before, BATCH]);
    if (rows.length === 0) return 0;
    await this.destroyMarked({ keys: [], studyParts: [], patients: [], jobs: rows.map(({ id }) => id) });
    return rows.length;
  }

  /** The mark comes first: what a crash leaves is destroyed at the next start. */
  private async destroyMarked(destroyed: Destroyed): Promise<void> {
    const name = uuidv7();
    await this.checkpoint('erasure:before-mark');
    await writeMark(this.blobs, name, destroyed);
    await this.checkpoint('erasure:marked');
    await this.database.query(`${destroySql(destroyed)}; ${destroyPatientsSql(destroyed)}; ${appliedSql(name)}`, []);
    this.forget();
    await this.checkpoint('erasure:destroyed');
    // so that their place in the tables' files is used again; an account that may not do this has autovacuum
    await this.database
      .query('VACUUM annal_vault.study_keys, annal_vault.patient_keys, annal_vault.job_keys', [])
      .catch(() => undefined);
  }
}

/** A removed patient takes along what was never folded, and what was kept for him. */
const RETIRE = `WITH removed AS (
    DELETE FROM removed_studies WHERE ctid = ANY (ARRAY(SELECT ctid FROM removed_studies LIMIT $1))
      RETURNING study_id, patient_id, patient_removed
  ), patients_keys AS (
    SELECT k.id FROM annal_vault.patient_keys k WHERE k.patient_id IN (SELECT patient_id FROM removed WHERE patient_removed)
  ), of_patients AS (
    UPDATE annal_vault.patient_keys k SET retired_at = clock_timestamp() FROM patients_keys p
      WHERE k.id = p.id AND k.retired_at IS NULL
  ), of_studies AS (
    UPDATE annal_vault.study_keys k SET retired_at = clock_timestamp() FROM (
      SELECT s.id FROM annal_vault.study_keys s JOIN removed r ON r.study_id = s.study_id WHERE s.retired_at IS NULL
      UNION SELECT s.id FROM annal_vault.study_keys s JOIN patients_keys p ON p.id = s.patient_key
        WHERE s.retired_at IS NULL OR s.retired_at = 'infinity') t
      WHERE k.id = t.id
  )
  SELECT count(*) AS removed FROM removed`;

/** Keys that were made for uploads that came to nothing. */
const RETIRE_UNUSED = `WITH of_studies AS (
    UPDATE annal_vault.study_keys k SET retired_at = clock_timestamp()
      WHERE k.retired_at IS NULL AND k.created_at < clock_timestamp() - interval '1 day'
        AND NOT EXISTS (SELECT 1 FROM studies s WHERE s.id = k.study_id)
  )
  UPDATE annal_vault.patient_keys k SET retired_at = clock_timestamp()
    WHERE k.retired_at IS NULL AND k.created_at < clock_timestamp() - interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM patients p WHERE p.id = k.patient_id)`;

/**
 * SQL that is true for a key `k` of a job or a remote that is forgotten, or never came to be, and was made so long ago that its
 * first event would be folded: so it needs no retiring.
 */
const FORGOTTEN = `k.created_at <= before AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = k.id::text)
  AND NOT EXISTS (SELECT 1 FROM remotes r WHERE r.key_id = k.id)`;

const FORGOTTEN_JOBS = `SELECT k.id FROM annal_vault.job_keys k, (SELECT $1::timestamptz AS before) t
  WHERE ${FORGOTTEN} LIMIT $2`;

/** The time before which keys were retired whose grace is over, if there are any. */
const DUE = `SELECT before::text FROM (SELECT clock_timestamp() - make_interval(secs => $1) AS before) t
  WHERE EXISTS (SELECT 1 FROM annal_vault.study_keys WHERE retired_at <= before)
    OR EXISTS (SELECT 1 FROM annal_vault.patient_keys WHERE retired_at <= before)
    OR EXISTS (SELECT 1 FROM annal_vault.job_keys k WHERE ${FORGOTTEN})`;

/** SQL that is true where a metadata of a row was sealed with the key `k`. */
const notedWith = (row: string): string =>
  `jsonb_path_exists(${row}.user_metadata, '$.*.key ? (@ == $id)', jsonb_build_object('id', k.id))`;

/**
 * A row that was folded with a key, or a metadata in it, needs it for the next rebuild: the study's for what is below it,
 * the other part for the patient.
 */
const UNUSED = `SELECT id, patient_free AS whole FROM (
    SELECT k.id, k.secret IS NULL AS destroyed,
      NOT EXISTS (SELECT 1 FROM studies s WHERE s.id = k.study_id AND (s.key_id = k.id OR ${notedWith('s')}
        OR EXISTS (SELECT 1 FROM series e WHERE e.study_key = s.key AND (e.key_id = k.id OR ${notedWith('e')}))
        OR EXISTS (SELECT 1 FROM series e JOIN instances i ON i.series_key = e.key
          WHERE e.study_key = s.key AND (i.key_id = k.id OR ${notedWith('i')})))) AS study_free,
      NOT EXISTS (SELECT 1 FROM patients p WHERE p.id = w.patient_id AND (p.key_id = k.id OR ${notedWith('p')})) AS patient_free
    FROM annal_vault.study_keys k JOIN annal_vault.patient_keys w ON w.id = k.patient_key
    WHERE k.retired_at <= $1::timestamptz) due
  WHERE study_free AND (patient_free OR NOT destroyed) LIMIT $2`;

const EMPTY_PATIENTS = `SELECT id FROM annal_vault.patient_keys p WHERE retired_at <= $1::timestamptz
  AND NOT EXISTS (SELECT 1 FROM annal_vault.study_keys k WHERE k.patient_key = p.id) LIMIT $2`;
