import { prepared, type StatementRunner } from './statement.js';

/** A study, a series or an instance by its UIDs. */
export interface UidPath {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
}

/** The resources that a path of UIDs leads through, by identifier and by key in the tables. */
export interface LocatedResource {
  readonly study: LocatedLevel;
  readonly series?: LocatedLevel;
  readonly instance?: LocatedLevel;
}

/** A resource in the read models. */
export interface LocatedLevel {
  readonly id: string;
  readonly key: number;
}

interface Row {
  readonly study_id: string;
  readonly study_key: number;
  readonly series_id?: string;
  readonly series_key?: number;
  readonly instance_id?: string;
  readonly instance_key?: number;
}

/**
 * The resources with these UIDs, two at most: a StudyInstanceUID may stand in several patients.
 * @returns none where one of the UIDs is not there, or not below the others
 */
export async function locate(
  runner: StatementRunner,
  { study, series, instance }: UidPath,
): Promise<readonly LocatedResource[]> {
  const columns = ['st.id AS study_id', 'st.key AS study_key'];
  const conditions = ['st.study_instance_uid = $1'];
  const values = [study];
  let from = 'studies st';
  if (series !== undefined) {
    from += ' JOIN series se ON se.study_key = st.key';
    columns.push('se.id AS series_id', 'se.key AS series_key');
    conditions.push(`se.series_instance_uid = $${values.push(series)}`);
  }
  if (series !== undefined && instance !== undefined) {
    from += ' JOIN instances i ON i.series_key = se.key';
    columns.push('i.id AS instance_id', 'i.key AS instance_key');
    conditions.push(`i.sop_instance_uid = $${values.push(instance)}`);
  }
  const text = `SELECT ${columns.join(', ')} FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY st.key LIMIT 2`;
  const { rows } = await runner.query<Row>(prepared(text, values));
  return rows.map((row) => ({
    study: { id: row.study_id, key: row.study_key },
    ...(row.series_id !== undefined && { series: { id: row.series_id, key: row.series_key! } }),
    ...(row.instance_id !== undefined && { instance: { id: row.instance_id, key: row.instance_key! } }),
  }));
}
