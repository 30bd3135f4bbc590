import type { ResourceRow } from './resource-row.js';
import { Parameters, prepared, type StatementRunner } from './statement.js';

/** Where the file of an instance is. */
export type InstanceFile = Pick<ResourceRow, 'id' | 'key'> &
  Required<Pick<ResourceRow, 'blobKey' | 'size' | 'compression'>>;

const BY_IDS = `SELECT found.* FROM json_array_elements_text($1) named (id) CROSS JOIN LATERAL (
  SELECT key, id, blob_key AS "blobKey", size, compression FROM instances WHERE id = named.id LIMIT 1
) found`;

/** The files of the instances with these identifiers; undefined where there is none. */
export async function readInstanceFiles(
  runner: StatementRunner,
  ids: readonly string[],
): Promise<readonly (InstanceFile | undefined)[]> {
  const parameters = new Parameters();
  parameters.addJson(ids);
  const { rows } = await runner.query<InstanceFile>(prepared(BY_IDS, parameters.values));
  const found = new Map(rows.map((file) => [file.id, file]));
  return ids.map((id) => found.get(id));
}
