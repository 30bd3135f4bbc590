import type { BlobStore, EventLog } from '@annal/domain';
import type { Queryable } from '@annal/projections';
import { v7 as uuidv7 } from 'uuid';
import type { ERASURE_CRASH_POINTS } from '../faults/crash-point.js';
import { type Destroyed, writeMark } from './destruction-mark.js';

const BATCH = 500;

/** Retires the keys of studies that are gone, and destroys them once nothing can need them any more. */
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

  /** Retires the keys of studies and patients that the fold removed: nothing more is sealed with them. Resolves with how many were removed. */
  async retire(): Promise<number> {
    const { rows } = await this.database.query<{ removed: number }>(RETIRE, [BATCH]);
    return rows[0]!.removed;
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
    if (!(await this.foldedUpTo(end))) return 0;
    this.awaited = undefined;
    return (await this.destroyStudyKeys(before)) + (await this.destroyPatientKeys(before));
  }

  private async destroyStudyKeys(before: string): Promise<number> {
    const { rows } = await this.database.query<{ id: string; whole: boolean }>(UNUSED, [before, BATCH]);
    const whole = rows.filter((row) => row.whole).map(({ id }) => id);
    const parts = rows.filter((row) => !row.whole).map(({ id }) => id);
    if (rows.length > 0) {
      await this.marked({ keys: whole, studyParts: parts, patients: [] }, async () => {
        await this.database.query('DELETE FROM annal_vault.study_keys WHERE id = ANY ($1::uuid[])', [whole]);
        await this.database.query('UPDATE annal_vault.study_keys SET secret = NULL WHERE id = ANY ($1::uuid[])', [
          parts,
        ]);
      });
    }
    return rows.length;
  }

  private async destroyPatientKeys(before: string): Promise<number> {
    const { rows } = await this.database.query<{ id: string }>(EMPTY_PATIENTS, [before, BATCH]);
    const patients = rows.map(({ id }) => id);
    if (patients.length > 0) {
      await this.marked({ keys: [], studyParts: [], patients }, () =>
        this.database.query('DELETE FROM annal_vault.patient_keys WHERE id = ANY ($1::uuid[])', [patients]),
      );
    }
    return patients.length;
  }

  /** The mark comes first: what a crash leaves is destroyed at the next start. */
  private async marked(destroyed: Destroyed, destroy: () => Promise<unknown>): Promise<void> {
    await this.checkpoint('erasure:before-mark');
    await writeMark(this.blobs, uuidv7(), destroyed);
    await this.checkpoint('erasure:marked');
    await destroy();
    this.forget();
    await this.checkpoint('erasure:destroyed');
    // what was deleted stays in the table's file until then; an account that may not do this has autovacuum
    await this.database.query('VACUUM annal_vault.study_keys, annal_vault.patient_keys', []).catch(() => undefined);
  }

  private async foldedUpTo(offset: number): Promise<boolean> {
    const { rows } = await this.database.query<{ offset: number }>('SELECT "offset" FROM folded_position', []);
    return rows[0]!.offset >= offset;
  }
}

const RETIRE = `WITH removed AS (
    DELETE FROM removed_studies WHERE ctid = ANY (ARRAY(SELECT ctid FROM removed_studies LIMIT $1))
      RETURNING study_id, patient_id, patient_removed
  ), studies_keys AS (
    UPDATE annal_vault.study_keys k SET retired_at = clock_timestamp() FROM (SELECT DISTINCT study_id FROM removed) r
      WHERE k.study_id = r.study_id AND k.retired_at IS NULL
  ), patients_keys AS (
    UPDATE annal_vault.patient_keys k SET retired_at = clock_timestamp()
      FROM (SELECT DISTINCT patient_id FROM removed WHERE patient_removed) r
      WHERE k.patient_id = r.patient_id AND k.retired_at IS NULL
  )
  SELECT count(*) AS removed FROM removed`;

/** The time before which keys were retired whose grace is over, if there are any. */
const DUE = `SELECT before::text FROM (SELECT clock_timestamp() - make_interval(secs => $1) AS before) t
  WHERE EXISTS (SELECT 1 FROM annal_vault.study_keys WHERE retired_at <= before)
    OR EXISTS (SELECT 1 FROM annal_vault.patient_keys WHERE retired_at <= before)`;

/** A row that was folded with a key needs it for the next rebuild: the study's for what is below it, the other part for the patient. */
const UNUSED = `SELECT id, patient_free AS whole FROM (
    SELECT k.id, k.secret IS NULL AS destroyed,
      NOT EXISTS (SELECT 1 FROM studies s WHERE s.id = k.study_id AND (s.key_id = k.id
        OR EXISTS (SELECT 1 FROM series e WHERE e.study_key = s.key AND e.key_id = k.id)
        OR EXISTS (SELECT 1 FROM series e JOIN instances i ON i.series_key = e.key
          WHERE e.study_key = s.key AND i.key_id = k.id))) AS study_free,
      NOT EXISTS (SELECT 1 FROM patients p WHERE p.id = w.patient_id AND p.key_id = k.id) AS patient_free
    FROM annal_vault.study_keys k JOIN annal_vault.patient_keys w ON w.id = k.patient_key
    WHERE k.retired_at <= $1::timestamptz) due
  WHERE study_free AND (patient_free OR NOT destroyed) LIMIT $2`;

const EMPTY_PATIENTS = `SELECT id FROM annal_vault.patient_keys p WHERE retired_at <= $1::timestamptz
  AND NOT EXISTS (SELECT 1 FROM annal_vault.study_keys k WHERE k.patient_key = p.id) LIMIT $2`;
