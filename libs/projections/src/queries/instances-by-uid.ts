import { prepared, type StatementRunner } from './statement.js';

/** A SOPInstanceUID, and what is known of the series and study it is in. */
export interface ObjectUids {
  readonly instance: string;
  readonly study?: string;
  readonly series?: string;
}

/** The identifiers of the instances with these UIDs, two at most: an instance may stand in several studies. */
export async function instancesByUid(
  runner: StatementRunner,
  { instance, study, series }: ObjectUids,
): Promise<readonly string[]> {
  let from = 'instances i';
  const conditions = ['i.sop_instance_uid = $1'];
  const values = [instance];
  if (series !== undefined || study !== undefined) from += ' JOIN series se ON se.key = i.series_key';
  if (series !== undefined) conditions.push(`se.series_instance_uid = $${values.push(series)}`);
  if (study !== undefined) {
    from += ' JOIN studies st ON st.key = se.study_key';
    conditions.push(`st.study_instance_uid = $${values.push(study)}`);
  }
  const text = `SELECT i.id FROM ${from} WHERE ${conditions.join(' AND ')} LIMIT 2`;
  const { rows } = await runner.query<{ readonly id: string }>(prepared(text, values));
  return rows.map(({ id }) => id);
}
