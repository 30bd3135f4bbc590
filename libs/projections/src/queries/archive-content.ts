import type { StatementRunner } from './statement.js';

/** A series of which something goes into an archive, with what its folders are named after. */
export interface ArchiveSeries {
  readonly key: number;
  readonly patientId: string;
  readonly studyId: string;
  readonly seriesId: string;
  /** Main tags as JSON, by eight hexadecimal digits. */
  readonly patientTags: string;
  readonly studyTags: string;
  readonly seriesTags: string;
  /** Whether all of it was asked for, not just some of its instances. */
  readonly whole: boolean;
  readonly instances: number;
}

/** An instance that goes into an archive. */
export interface ArchiveInstance {
  readonly key: number;
  readonly id: string;
  readonly blobKey: string;
  readonly size: number;
  readonly compression: number;
  /** InstanceNumber, else ImageIndex, as written. */
  readonly indexInSeries: string | null;
}

const FOUND = `
SELECT id FROM patients WHERE id = ANY ($1) UNION ALL SELECT id FROM studies WHERE id = ANY ($1)
UNION ALL SELECT id FROM series WHERE id = ANY ($1) UNION ALL SELECT id FROM instances WHERE id = ANY ($1)`;

/** Those of these identifiers that no patient, study, series or instance has, in their order. */
export async function unknownIdentifiers(runner: StatementRunner, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await runner.query<{ id: string }>({ name: 'annal_archive_found', text: FOUND, values: [ids] });
  const known = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}

const CHOSEN = `
WITH whole AS (
  SELECT s.key FROM patients p JOIN studies t ON t.patient_key = p.key JOIN series s ON s.study_key = t.key
    WHERE p.id = ANY ($1)
  UNION SELECT s.key FROM studies t JOIN series s ON s.study_key = t.key WHERE t.id = ANY ($1)
  UNION SELECT s.key FROM series s WHERE s.id = ANY ($1)),
parts AS (SELECT series_key AS key, count(*) AS instances FROM instances WHERE id = ANY ($1)
  AND series_key NOT IN (SELECT key FROM whole) GROUP BY series_key),
chosen AS (SELECT key, true AS whole, NULL::bigint AS instances FROM whole
  UNION ALL SELECT key, false, instances FROM parts)
SELECT s.key, p.id AS "patientId", t.id AS "studyId", s.id AS "seriesId", p.main_tags::text AS "patientTags",
  t.main_tags::text AS "studyTags", s.main_tags::text AS "seriesTags", c.whole,
  COALESCE(c.instances, s.instances_count)::int AS instances
FROM chosen c JOIN series s ON s.key = c.key JOIN studies t ON t.key = s.study_key JOIN patients p ON p.key = t.patient_key
ORDER BY p.id, t.id, s.id`;

/**
 * The series of which something lies at or below these resources, each once, in the order of the identifiers of
 * patients, studies and series.
 */
export async function readArchiveSeries(
  runner: StatementRunner,
  ids: readonly string[],
): Promise<readonly ArchiveSeries[]> {
  const { rows } = await runner.query<ArchiveSeries>({ name: 'annal_archive_series', text: CHOSEN, values: [ids] });
  return rows;
}

const INSTANCES = `
SELECT key, id, blob_key AS "blobKey", size, compression, metadata->>'IndexInSeries' AS "indexInSeries"
FROM instances WHERE series_key = $1 AND ($2::text[] IS NULL OR id = ANY ($2)) ORDER BY id`;

/** The instances of a series in the order of their identifiers. @param ids of those wanted, all without them */
export async function readArchiveInstances(
  runner: StatementRunner,
  seriesKey: number,
  ids?: readonly string[],
): Promise<readonly ArchiveInstance[]> {
  const values = [seriesKey, ids ?? null];
  const { rows } = await runner.query<ArchiveInstance>({ name: 'annal_archive_instances', text: INSTANCES, values });
  return rows;
}
