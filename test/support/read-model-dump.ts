import type { Session } from '@annal/platform';

const TABLES = [
  'folded_position',
  'patients',
  'studies',
  'series',
  'instances',
  'headers',
  'attached_sizes',
  'changes',
  'change_feed',
  'folded_writers',
  'jobs',
  'job_blobs',
  'remotes',
  'exports',
  'listed_exports',
];

/** Everything that the fold made, but for the times at which it did. */
export async function dumpReadModels(session: Session): Promise<unknown> {
  const results = await session.execute(TABLES.map((table) => `SELECT * FROM ${table} ORDER BY 1`).join(';'));
  const [attachments] = await session.execute('SELECT * FROM attachments ORDER BY resource_key, content_type');
  const [garbage] = await session.execute('SELECT key, instance_id, position FROM blob_garbage ORDER BY key');
  const [exported] = await session.execute('SELECT * FROM export_resources ORDER BY export_key, place');
  return [...results, attachments, garbage, exported];
}
