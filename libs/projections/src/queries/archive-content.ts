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

/** The series of which all was asked for. */
const WITH_WHOLE = `
WITH whole AS (
  SELECT s.key FROM patients p JOIN studies t ON t.patient_key = p.key JOIN series s ON s.study_key = t.key
    WHERE p.id = ANY ($1)
  UNION SELECT s.key FROM studies t JOIN series s ON s.study_key = t.key WHERE t.id = ANY ($1)
  UNION SELECT s.key FROM series s WHERE s.id = ANY ($1))`;

const CHOSEN = `${WITH_WHOLE},
parts AS (SELECT series_key AS key, count(*) AS instances FROM instances WHERE id = ANY ($1)
  AND ($2::bigint IS NULL OR key <= $2) AND series_key NOT IN (SELECT key FROM whole) GROUP BY series_key),
chosen AS (SELECT key, true AS whole, NULL::bigint AS instances FROM whole
  UNION ALL SELECT key, false, instances FROM parts)
SELECT s.key, p.id AS "patientId", t.id AS "studyId", s.id AS "seriesId", p.main_tags::text AS "patientTags",
  t.main_tags::text AS "studyTags", s.main_tags::text AS "seriesTags", c.whole,
  COALESCE(c.instances, CASE WHEN $2::bigint IS NULL THEN s.instances_count
    ELSE (SELECT count(*) FROM instances i WHERE i.series_key = s.key AND i.key <= $2) END)::int AS instances
FROM chosen c JOIN series s ON s.key = c.key JOIN studies t ON t.key = s.study_key JOIN patients p ON p.key = t.patient_key
WHERE $2::bigint IS NULL OR s.key <= $2
ORDER BY p.id, t.id, s.id`;

/**
 * The series of which something lies at or below these resources, each once, in the order of the identifiers of
 * patients, studies and series.
 * @param asOf the number of a change: what came later is left out
 */
export async function readArchiveSeries(
  runner: StatementRunner,
  ids: readonly string[],
  asOf?: number,
): Promise<readonly ArchiveSeries[]> {
  const values = [ids, asOf ?? null];
  const { rows } = await runner.query<ArchiveSeries>({ name: 'annal_archive_series', text: CHOSEN, values });
  return rows;
}

/** What an archive of some resources would hold at one moment. */
export interface ArchiveTotals {
  /** The number of the last change of then. */
  readonly asOf: number;
  readonly series: number;
  readonly instances: number;
  /** Bytes of DICOM files. */
  readonly size: number;
}

const TOTALS = `${WITH_WHOLE},
counted AS (
  SELECT s.key, s.instances_count AS instances, s.size FROM whole w JOIN series s ON s.key = w.key
  UNION ALL SELECT series_key, count(*), sum(size) FROM instances WHERE id = ANY ($1)
    AND series_key NOT IN (SELECT key FROM whole) GROUP BY series_key)
SELECT (SELECT change_seq FROM folded_position WHERE partition = 0) AS "asOf", count(*)::int AS series,
  coalesce(sum(instances), 0)::int AS instances, coalesce(sum(size), 0)::bigint AS size FROM counted`;

/** Counts what an archive of these resources would hold now. */
export async function readArchiveTotals(runner: StatementRunner, ids: readonly string[]): Promise<ArchiveTotals> {
  const { rows } = await runner.query<ArchiveTotals>({ name: 'annal_archive_totals', text: TOTALS, values: [ids] });
  return rows[0]!;
}

const COUNTS = `
WITH below AS (
  SELECT p.id, s.key, s.instances_count FROM patients p JOIN studies t ON t.patient_key = p.key
    JOIN series s ON s.study_key = t.key WHERE p.id = ANY ($1)
  UNION ALL SELECT t.id, s.key, s.instances_count FROM studies t JOIN series s ON s.study_key = t.key WHERE t.id = ANY ($1)
  UNION ALL SELECT s.id, s.key, s.instances_count FROM series s WHERE s.id = ANY ($1))
SELECT id, sum(CASE WHEN $2::bigint IS NULL THEN instances_count
    ELSE (SELECT count(*) FROM instances i WHERE i.series_key = below.key AND i.key <= $2) END)::int AS instances
  FROM below GROUP BY id
UNION ALL SELECT id, 1 FROM instances WHERE id = ANY ($1)`;

/** How many instances lie at or below each of these resources, by its identifier. @param asOf as above */
export async function readInstanceCounts(
  runner: StatementRunner,
  ids: readonly string[],
  asOf?: number,
): Promise<ReadonlyMap<string, number>> {
  const values = [ids, asOf ?? null];
  const { rows } = await runner.query<{ readonly id: string; readonly instances: number }>({
    name: 'annal_instance_counts',
    text: COUNTS,
    values,
  });
  return new Map(rows.map(({ id, instances }) => [id, instances]));
}

const INSTANCES = `
SELECT key, id, blob_key AS "blobKey", size, compression, metadata->>'IndexInSeries' AS "indexInSeries"
FROM instances WHERE series_key = $1 AND ($2::text[] IS NULL OR id = ANY ($2))
  AND ($3::bigint IS NULL OR key <= $3) ORDER BY id`;

/** The instances of a series in the order of their identifiers. @param ids of those wanted, all without them. @param asOf as above */
export async function readArchiveInstances(
  runner: StatementRunner,
  seriesKey: number,
  ids?: readonly string[],
  asOf?: number,
): Promise<readonly ArchiveInstance[]> {
  const values = [seriesKey, ids ?? null, asOf ?? null];
  const { rows } = await runner.query<ArchiveInstance>({ name: 'annal_archive_instances', text: INSTANCES, values });
  return rows;
}
