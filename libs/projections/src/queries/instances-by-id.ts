import type { LocatedResource } from './locate.js';
import { prepared, type StatementRunner } from './statement.js';

/**
 * Identifiers of the instances of a study or a series in alphabetical order: as random as the order is, it is always the
 * same, and Orthanc's.
 * @param after the identifier of the last one, empty at first
 */
export async function instancesById(
  runner: StatementRunner,
  { study, series }: LocatedResource,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const condition = series ? 'i.series_key = $1' : 'i.series_key IN (SELECT key FROM series WHERE study_key = $1)';
  const text = `SELECT i.id FROM instances i WHERE ${condition} AND i.id > $2 ORDER BY i.id LIMIT $3`;
  const values = [series ? series.key : study.key, after, limit];
  const { rows } = await runner.query<{ readonly id: string }>(prepared(text, values));
  return rows.map(({ id }) => id);
}
