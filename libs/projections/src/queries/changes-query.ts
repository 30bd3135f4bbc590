import { type ChangeType, CHANGE_TYPES } from '../changes.js';
import { Parameters, prepared, type StatementRunner } from './statement.js';

/** Sequence number, type, level (0 patient … 3 instance), identifier, date (`20261121T130941`). */
export type ChangeRow = readonly [seq: number, type: number, level: number, id: string, date: string];

/** Which changes: all without anything. */
export interface ChangesFilter {
  /** Only later ones. */
  readonly since?: number;
  /** Up to this one, itself included. */
  readonly to?: number;
  readonly types?: readonly ChangeType[];
}

/** The number of the last change of all time, whether it is still listed or not; 0 before the first. */
export async function lastChangeNumber(runner: StatementRunner): Promise<number> {
  const { rows } = await runner.query<{ last: number }>({
    name: 'annal_last_change_number',
    text: 'SELECT change_seq AS last FROM folded_position WHERE partition = 0',
  });
  return rows[0]!.last;
}

/** Changes in ascending order: the first ones that meet the filter, or the last ones. */
export async function readChanges(
  runner: StatementRunner,
  { since, to, types }: ChangesFilter,
  limit: number,
  end: 'first' | 'last' = 'first',
): Promise<readonly ChangeRow[]> {
  const parameters = new Parameters();
  const conditions = [
    ...(since === undefined ? [] : [`seq > ${parameters.add(since)}`]),
    ...(to === undefined ? [] : [`seq <= ${parameters.add(to)}`]),
    ...(types === undefined ? [] : [`type = ANY (${parameters.add(types.map((type) => CHANGE_TYPES[type]))}::smallint[])`]),
  ];
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const direction = end === 'first' ? 'ASC' : 'DESC';
  const text = `SELECT seq, type, level, resource_id, date FROM changes ${where} ORDER BY seq ${direction} LIMIT ${parameters.add(limit)}`;
  const { rows } = await runner.query<ChangeRow>({ ...prepared(text, parameters.values), rowMode: 'array' });
  return end === 'first' ? rows : rows.toReversed();
}
