import type { Session } from '@annal/platform';
import type { ArchiveServer } from './archive-server.js';
import { query } from './database.js';

/** Tables of the fold, and what puts their rows into one order. */
const TABLES = [
  ['folded_position'],
  ['patients'],
  ['studies'],
  ['series'],
  ['instances'],
  ['headers'],
  ['attached_sizes'],
  ['changes'],
  ['change_feed'],
  ['folded_writers'],
  ['jobs'],
  ['job_blobs'],
  ['remotes'],
  ['exports'],
  ['listed_exports'],
  ['attachments', 'resource_key, content_type'],
  ['export_resources', 'export_key, place'],
] as const;
const STATEMENTS = TABLES.map(([table, order = '1']) => `SELECT * FROM ${table} ORDER BY ${order}`);

/** Everything that the fold made, but for the times at which it did. */
export async function dumpReadModels(session: Session): Promise<unknown> {
  const results = await session.execute(STATEMENTS.join(';'));
  const [garbage] = await session.execute('SELECT key, instance_id, position FROM blob_garbage ORDER BY key');
  return [...results, garbage];
}

/** The same of a running server, but for what its owners take away: garbage. */
export function dumpLiveReadModels(server: ArchiveServer): Promise<unknown> {
  return Promise.all(STATEMENTS.map((statement) => query(server, statement)));
}
