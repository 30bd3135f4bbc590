import type { ResourceRow } from './resource-row.js';
import { Parameters, prepared, type StatementRunner } from './statement.js';

/** Where the file of an instance is. */
export type InstanceFile = Pick<ResourceRow, 'id' | 'key'> &
  Required<Pick<ResourceRow, 'blobKey' | 'size' | 'compression'>>;

const BY_ID = 'SELECT key, id, blob_key AS "blobKey", size, compression FROM instances WHERE id = $1';

/** The file of the instance with an identifier; undefined where there is none. */
export async function readInstanceFile(runner: StatementRunner, id: string): Promise<InstanceFile | undefined> {
  const parameters = new Parameters();
  parameters.add(id);
  const { rows } = await runner.query<InstanceFile>(prepared(BY_ID, parameters.values));
  return rows[0];
}
