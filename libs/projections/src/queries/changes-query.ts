import { Parameters, prepared, type StatementRunner } from './statement.js';

/** Sequence number, type, level (0 patient … 3 instance), identifier, date (`20261121T130941`). */
export type ChangeRow = readonly [seq: number, type: number, level: number, id: string, date: string];

/** Which changes: all without anything. */
export interface ChangesFilter {
  /** Only later ones. */
  readonly since?: number;
  /** Up to this one, itself included. */
  readonly to?: number;
  /** Numbers of change types. */
  readonly types?: readonly number[];
}

/** The number of the last change of all time, whether it is still listed or not; 0 before the first. */
export async function lastChangeNumber(runner: StatementRunner): Promise<number> {
  const { rows } = await runner.query<{ last: number }>({
    name: 'annal_last_change_number',
    text: 'SELECT change_seq AS last FROM folded_position WHERE partition = 0',
  });
  return rows[0]!.last;
}

/** Changes, and the number of the last change of all time as it was no later than they were read. */
export interface ChangesRead {
  readonly rows: readonly ChangeRow[];
  /** 0 before the first change; read only where there are no rows, and lower than that of any change not seen. */
  readonly last: number;
}

/**
 * As readChanges; where nothing is found, the number up to which there is nothing comes from the same moment, so that
 * who goes on from it misses nothing.
 */
export async function readChangesOrEnd(
  runner: StatementRunner,
  filter: ChangesFilter,
  limit: number,
  end?: 'first' | 'last',
): Promise<ChangesRead> {
  for (;;) {
    const rows = await readChanges(runner, filter, limit, end);
    if (rows.length > 0) return { rows, last: rows.at(-1)![0] };
    const parameters = new Parameters();
    const text = `SELECT change_seq AS last, NOT EXISTS (SELECT 1 FROM changes ${whereSql(filter, parameters)}) AS none
      FROM folded_position WHERE partition = 0`;
    const [row] = (await runner.query<{ last: number; none: boolean }>(prepared(text, parameters.values))).rows;
    if (row!.none) return { rows, last: row!.last };
  }
}

/** Changes in ascending order: the first ones that meet the filter, or the last ones. */
export async function readChanges(
  runner: StatementRunner,
  filter: ChangesFilter,
  limit: number,
  end: 'first' | 'last' = 'first',
): Promise<readonly ChangeRow[]> {
  const parameters = new Parameters();
  const where = whereSql(filter, parameters);
  const direction = end === 'first' ? 'ASC' : 'DESC';
  const text = `SELECT seq, type, level, resource_id, date FROM changes ${where} ORDER BY seq ${direction} LIMIT ${parameters.add(limit)}`;
  const { rows } = await runner.query<ChangeRow>({ ...prepared(text, parameters.values), rowMode: 'array' });
  return end === 'first' ? rows : rows.toReversed();
}

function whereSql({ since, to, types }: ChangesFilter, parameters: Parameters): string {
  const conditions = [
    ...(since === undefined ? [] : [`seq > ${parameters.add(since)}`]),
    ...(to === undefined ? [] : [`seq <= ${parameters.add(to)}`]),
    ...(types === undefined ? [] : [`type = ANY (${parameters.add(types)}::smallint[])`]),
  ];
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}
