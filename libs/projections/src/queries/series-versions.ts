import { prepared, type StatementRunner } from './statement.js';

/** A series of a study, and the version of what it and its instances say. */
export interface SeriesVersion {
  /** Orthanc identifier. */
  readonly studyId: string;
  readonly studyKey: number;
  readonly studyUid: string;
  readonly seriesKey: number;
  readonly seriesUid: string;
  readonly instances: number;
  /**
   * Another one after each change of what instances say or of which there are, and never one that was before: the
   * series' key, where in the log an instance came or was read again last, how many there are (of which deletions alone
   * make less), and when one came or went last (which tells archives apart that were begun anew). It stays when the
   * series becomes stable, or is labelled.
   */
  readonly version: string;
}

const VERSION = "concat_ws('.', s.key, s.updated_pos, s.instances_count, extract(epoch FROM s.updated_at))";

const TEXT = `SELECT t.id AS "studyId", t.key AS "studyKey", t.study_instance_uid AS "studyUid", s.key AS "seriesKey",
  s.series_instance_uid AS "seriesUid", s.instances_count AS instances,
  ${VERSION} AS version
FROM studies t JOIN series s ON s.study_key = t.key WHERE t.study_instance_uid = $1`;

/**
 * The series of the studies with a StudyInstanceUID, study by study in the order of arrival; there are several studies
 * where several patients have such a one.
 */
export async function readSeriesVersions(runner: StatementRunner, studyUid: string): Promise<readonly SeriesVersion[]> {
  const { rows } = await runner.query<SeriesVersion>(prepared(`${TEXT} ORDER BY t.key, s.key`, [studyUid]));
  return rows;
}

/**
 * The version of what all instances of a study say, made of those of its series; undefined where there is no such study.
 * @param id Orthanc identifier
 */
export async function readStudyVersion(runner: StatementRunner, id: string): Promise<string | undefined> {
  const text = `SELECT string_agg(${VERSION}, ',' ORDER BY s.key) AS version
FROM studies t JOIN series s ON s.study_key = t.key WHERE t.id = $1`;
  const { rows } = await runner.query<{ version: string | null }>(prepared(text, [id]));
  return rows[0]?.version ?? undefined;
}

/**
 * Whether an instance of a study lacks a metadata that users define.
 * @param id the study's Orthanc identifier
 * @param metadata its number
 */
export async function isMetadataMissing(runner: StatementRunner, id: string, metadata: number): Promise<boolean> {
  const text = `SELECT EXISTS (SELECT 1 FROM studies t JOIN series s ON s.study_key = t.key
  JOIN instances i ON i.series_key = s.key WHERE t.id = $1 AND (i.user_metadata->$2) IS NULL) AS missing`;
  const { rows } = await runner.query<{ missing: boolean }>(prepared(text, [id, String(metadata)]));
  return rows[0]!.missing;
}

const SAMPLES = `SELECT key FROM (
  SELECT i.key, row_number() OVER (ORDER BY i.key) - 1 AS at, count(*) OVER () AS count
  FROM series s JOIN instances i ON i.series_key = s.key WHERE s.study_key = $1 AND ($2::bigint IS NULL OR s.key = $2)
) numbered WHERE at IN (SELECT n * (count - 1) / greatest($3::int - 1, 1) FROM generate_series(0, $3::int - 1) n) ORDER BY key`;

/** The keys of some instances of a study, or of one of its series, evenly spread: the first and the last among them. */
export async function readSampleKeys(
  runner: StatementRunner,
  count: number,
  studyKey: number,
  seriesKey?: number,
): Promise<readonly number[]> {
  const { rows } = await runner.query<{ key: number }>(prepared(SAMPLES, [studyKey, seriesKey ?? null, count]));
  return rows.map(({ key }) => key);
}
