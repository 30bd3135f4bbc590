import { Parameters, prepared, type StatementRunner } from './statement.js';

/** The file of an instance, as DICOMweb sends it. */
export interface WebFile {
  readonly key: number;
  readonly id: string;
  readonly blobKey: string;
  readonly size: number;
  readonly compression: number;
  readonly transferSyntax: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** A series of a study whose files are sent. */
export interface WebSeries {
  readonly key: number;
  readonly instances: number;
}

const COLUMNS = `i.key, i.id, i.blob_key AS "blobKey", i.size, i.compression, i.transfer_syntax_uid AS "transferSyntax",
  se.series_instance_uid AS "seriesInstanceUid", i.sop_instance_uid AS "sopInstanceUid"`;

/** The UIDs of an instance, those of its study and series where they are known. */
export interface ObjectUids {
  readonly instance: string;
  readonly study?: string;
  readonly series?: string;
}

const PAGE = `SELECT ${COLUMNS} FROM instances i JOIN series se ON se.key = i.series_key
WHERE i.series_key = $1 AND i.key > $2 ORDER BY i.key LIMIT $3`;

const NAMED = `SELECT named.nth, found.*
FROM json_to_recordset($1) named (nth int, instance text, series text, study text)
CROSS JOIN LATERAL (
  SELECT ${COLUMNS} FROM instances i JOIN series se ON se.key = i.series_key JOIN studies st ON st.key = se.study_key
  WHERE i.sop_instance_uid = named.instance AND se.series_instance_uid = coalesce(named.series, se.series_instance_uid)
    AND st.study_instance_uid = coalesce(named.study, st.study_instance_uid)
  LIMIT 2
) found`;

const SERIES = `SELECT key, instances_count AS instances FROM series WHERE `;

/**
 * The files of the instances with each of these UIDs, two at most: an instance may stand in several studies, and a
 * StudyInstanceUID in several patients.
 */
export async function readNamedWebFiles(
  runner: StatementRunner,
  named: readonly ObjectUids[],
): Promise<readonly (readonly WebFile[])[]> {
  const parameters = new Parameters();
  parameters.addJson(named.map((uids, nth) => ({ nth, ...uids })));
  const { rows } = await runner.query<WebFile & { readonly nth: number }>(prepared(NAMED, parameters.values));
  const files = named.map((): WebFile[] => []);
  for (const { nth, ...file } of rows) files[nth]!.push(file);
  return files;
}

/** The series of a study, or a single series, by their keys, with the numbers of their instances. */
export async function readWebSeries(
  runner: StatementRunner,
  { study, series }: { readonly study: number; readonly series?: number },
): Promise<readonly WebSeries[]> {
  const statement =
    series === undefined
      ? prepared(`${SERIES}study_key = $1 ORDER BY key`, [study])
      : prepared(`${SERIES}key = $1`, [series]);
  const { rows } = await runner.query<WebSeries>(statement);
  return rows;
}

/** The next files of a series in the order in which they were stored. @param after the key of the last one, 0 at first */
export async function readWebFiles(
  runner: StatementRunner,
  seriesKey: number,
  after: number,
  limit: number,
): Promise<readonly WebFile[]> {
  const { rows } = await runner.query<WebFile>(prepared(PAGE, [seriesKey, after, limit]));
  return rows;
}
