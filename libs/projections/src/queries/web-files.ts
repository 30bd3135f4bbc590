import { prepared, type StatementRunner } from './statement.js';

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

const ONE = `SELECT ${COLUMNS} FROM studies st JOIN series se ON se.study_key = st.key JOIN instances i ON i.series_key = se.key
WHERE st.study_instance_uid = $1 AND se.series_instance_uid = $2 AND i.sop_instance_uid = $3 ORDER BY st.key LIMIT 2`;

const PAGE = `SELECT ${COLUMNS} FROM instances i JOIN series se ON se.key = i.series_key
WHERE i.series_key = $1 AND i.key > $2 ORDER BY i.key LIMIT $3`;

const SERIES = `SELECT key, instances_count AS instances FROM series WHERE `;

/** The files of the instances with these UIDs, two at most: a StudyInstanceUID may stand in several patients. */
export async function readWebFile(
  runner: StatementRunner,
  { study, series, instance }: { readonly study: string; readonly series: string; readonly instance: string },
): Promise<readonly WebFile[]> {
  const { rows } = await runner.query<WebFile>(prepared(ONE, [study, series, instance]));
  return rows;
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
