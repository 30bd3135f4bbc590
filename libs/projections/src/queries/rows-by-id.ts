import { Parameters, prepared, type StatementRunner } from './statement.js';

/** What is asked for of each resource: columns, one of them `id`, the table or a join, and which of its columns is the identifier. */
export interface RowById {
  readonly columns: string;
  readonly from: string;
  readonly id: string;
}

/** The rows of the resources with these identifiers, each found by its index; undefined where there is none. */
export async function rowsById<R extends { readonly id: string }>(
  runner: StatementRunner,
  { columns, from, id }: RowById,
  ids: readonly string[],
): Promise<readonly (R | undefined)[]> {
  const parameters = new Parameters();
  const named = parameters.addJson(ids);
  const text = `SELECT found.* FROM json_array_elements_text(${named}) named (id) CROSS JOIN LATERAL (
    SELECT ${columns} FROM ${from} WHERE ${id} = named.id LIMIT 1) found`;
  const { rows } = await runner.query<R>(prepared(text, parameters.values));
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((each) => found.get(each));
}
