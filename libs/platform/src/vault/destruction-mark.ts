import type { BlobStore, Mark } from '@annal/domain';
import { type Execute, keyTime, sqlText, sqlTextArray } from '@annal/projections';

/** Keys that were destroyed, by identifier. */
export interface Destroyed {
  /** Of studies, all of them. */
  readonly keys: readonly string[];
  /** Of studies, but for the part about the patient. */
  readonly studyParts: readonly string[];
  readonly patients: readonly string[];
  /** Absent in older marks. */
  readonly jobs?: readonly string[];
}

/** Marks of so long before the last one applied are applied again, ms: clocks differ. */
const OVERLAP_MS = 3_600_000;
/** Marks that are applied together. */
const BATCH = 500;

/** Leaves a mark beside the blobs that keys are destroyed, wherever the database is restored from. */
export function writeMark(blobs: Pick<BlobStore, 'mark'>, name: string, destroyed: Destroyed): Promise<void> {
  return blobs.mark({ name, text: JSON.stringify({ version: 1, ...destroyed }) });
}

/** SQL that takes note of the last mark that was applied. */
export function appliedSql(name: string): string {
  return `INSERT INTO annal_vault.applied_marks AS a (name) VALUES (${sqlText(name)})
    ON CONFLICT (one) DO UPDATE SET name = greatest(a.name, excluded.name)`;
}

/**
 * SQL that destroys keys of studies and jobs. A key that is left with the part about the patient alone waits for him to be removed.
 */
export function destroySql({ keys, studyParts, jobs = [] }: Destroyed): string {
  return `DELETE FROM annal_vault.job_keys WHERE id = ANY (${uuids(jobs)}) RETURNING 1;
    DELETE FROM annal_vault.study_keys WHERE id = ANY (${uuids(keys)}) RETURNING 1;
    UPDATE annal_vault.study_keys SET secret = NULL, retired_at = 'infinity'
      WHERE id = ANY (${uuids(studyParts)}) AND secret IS NOT NULL RETURNING 1`;
}

/** SQL that destroys keys of patients, but for those that keys of studies are still wrapped by. */
export function destroyPatientsSql({ patients }: Destroyed): string {
  return `DELETE FROM annal_vault.patient_keys p WHERE id = ANY (${uuids(patients)})
    AND NOT EXISTS (SELECT 1 FROM annal_vault.study_keys k WHERE k.patient_key = p.id) RETURNING 1`;
}

/**
 * Destroys what the marks say, which a restored database may hold again. Resolves with how many keys that were.
 * @param execute a session that nobody else uses
 */
export async function applyMarks(execute: Execute, blobs: Pick<BlobStore, 'marks'>): Promise<number> {
  const [[row] = []] = await execute('SELECT name FROM annal_vault.applied_marks');
  let last: string | undefined;
  let destroyed = 0;
  const patients: string[] = [];
  const apply = async (marks: readonly Mark[]): Promise<void> => {
    const keys = merged(marks);
    patients.push(...keys.patients);
    last = marks.at(-1)!.name;
    for (const rows of await execute(destroySql(keys))) destroyed += rows.length;
  };
  let batch: Mark[] = [];
  for await (const mark of blobs.marks(row === undefined ? '' : someTimeBefore(row.name as string))) {
    batch.push(mark);
    if (batch.length < BATCH) continue;
    await apply(batch);
    batch = [];
  }
  if (batch.length > 0) await apply(batch);
  if (last === undefined) return 0;
  // a study's key that another mark is about goes first
  const [deleted] = await execute(`${destroyPatientsSql({ keys: [], studyParts: [], patients })}; ${appliedSql(last)}`);
  return destroyed + deleted!.length;
}

function merged(marks: readonly Mark[]): Destroyed {
  const all = marks.flatMap(({ text }) => parse(text) ?? []);
  return {
    keys: all.flatMap(({ keys }) => keys),
    studyParts: all.flatMap(({ studyParts }) => studyParts),
    patients: all.flatMap(({ patients }) => patients),
    jobs: all.flatMap(({ jobs = [] }) => jobs),
  };
}

/** What a mark says; undefined where its writing was broken off: then nothing was destroyed. */
function parse(text: string): Destroyed | undefined {
  try {
    const { keys, studyParts, patients, jobs } = JSON.parse(text) as Destroyed;
    return { keys, studyParts, patients, jobs };
  } catch {
    return undefined;
  }
}

/** The least name that a mark of some time before can have (RFC 9562 section 5.7). */
function someTimeBefore(name: string): string {
  const digits = Math.max(0, keyTime(name) - OVERLAP_MS)
    .toString(16)
    .padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}

function uuids(ids: readonly string[]): string {
  return `${sqlTextArray(ids)}::uuid[]`;
}
