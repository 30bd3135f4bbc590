import type { BlobStore } from '@annal/domain';
import type { Execute } from '@annal/projections';
import { sqlText, sqlTextArray } from '@annal/projections';

/** Keys that were destroyed, by identifier. */
export interface Destroyed {
  /** Of studies, all of them. */
  readonly keys: readonly string[];
  /** Of studies, but for the part about the patient. */
  readonly studyParts: readonly string[];
  readonly patients: readonly string[];
}

/** Marks of so long before the last one applied are applied again, ms: clocks differ. */
const OVERLAP_MS = 86_400_000;

/** Leaves a mark beside the blobs that keys are destroyed, wherever the database is restored from. */
export function writeMark(blobs: Pick<BlobStore, 'mark'>, name: string, destroyed: Destroyed): Promise<void> {
  return blobs.mark({ name, text: JSON.stringify({ version: 1, ...destroyed }) });
}

/**
 * Destroys what the marks say, which a restored database may hold again. Resolves with how many keys that were.
 * @param execute a session that nobody else uses
 */
export async function applyMarks(execute: Execute, blobs: Pick<BlobStore, 'marks'>): Promise<number> {
  const [[row] = []] = await execute('SELECT max(name) AS name FROM annal_vault.applied_markers');
  let last = (row?.name as string | null) ?? undefined;
  let removed = 0;
  const patients: string[] = [];
  for await (const { name, text } of blobs.marks(last === undefined ? '' : before(last))) {
    const destroyed = parse(text);
    if (destroyed) {
      const [deleted, cut] = await execute(
        `DELETE FROM annal_vault.study_keys WHERE id = ANY (${uuids(destroyed.keys)}) RETURNING 1;
         UPDATE annal_vault.study_keys SET secret = NULL
           WHERE id = ANY (${uuids(destroyed.studyParts)}) AND secret IS NOT NULL RETURNING 1`,
      );
      removed += deleted!.length + cut!.length;
      patients.push(...destroyed.patients);
    }
    last = name;
  }
  // a study's key that another mark is about goes first
  const [deleted] = await execute(
    `DELETE FROM annal_vault.patient_keys p WHERE id = ANY (${uuids(patients)})
       AND NOT EXISTS (SELECT 1 FROM annal_vault.study_keys k WHERE k.patient_key = p.id) RETURNING 1`,
  );
  if (last !== undefined) {
    await execute(`BEGIN; DELETE FROM annal_vault.applied_markers;
      INSERT INTO annal_vault.applied_markers VALUES (${sqlText(last)}); COMMIT`);
  }
  return removed + deleted!.length;
}

/** What a mark says; undefined where its writing was broken off: then nothing was destroyed. */
function parse(text: string): Destroyed | undefined {
  try {
    const { keys, studyParts, patients } = JSON.parse(text) as Destroyed;
    return { keys, studyParts, patients };
  } catch {
    return undefined;
  }
}

/** The least name that a mark of some time before can have (RFC 9562 section 5.7). */
function before(name: string): string {
  const time = parseInt(name.slice(0, 8) + name.slice(9, 13), 16) - OVERLAP_MS;
  const digits = Math.max(0, time).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}

function uuids(ids: readonly string[]): string {
  return `${sqlTextArray(ids)}::uuid[]`;
}
