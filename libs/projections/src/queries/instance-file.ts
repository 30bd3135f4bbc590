import type { ResourceRow } from './resource-row.js';
import { rowsById } from './rows-by-id.js';
import type { StatementRunner } from './statement.js';

/** Where the file of an instance is. */
export type InstanceFile = Pick<ResourceRow, 'id' | 'key'> &
  Required<Pick<ResourceRow, 'blobKey' | 'size' | 'compression'>>;

const FILE = { columns: 'key, id, blob_key AS "blobKey", size, compression', from: 'instances', id: 'id' };

/** The files of the instances with these identifiers; undefined where there is none. */
export function readInstanceFiles(
  runner: StatementRunner,
  ids: readonly string[],
): Promise<readonly (InstanceFile | undefined)[]> {
  return rowsById<InstanceFile>(runner, FILE, ids);
}
