import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './errors.js';
import { type EmbeddedConnection } from './types.js';

/** Held by the Annal that runs on this PostgreSQL; the operating system frees it when that process ends, however. */
const LOCK = 0x616e6e616c;
/** A killed owner's connection is noticed at once; an owner that is stopping gets this long, in milliseconds. */
const PATIENCE = 3_000;

/** Another Annal runs on these data. */
export class InUseError extends EmbeddedPostgresError {
  override readonly name = 'InUseError';
}

/**
 * Takes the one place of an owner of this PostgreSQL, kept by an open connection.
 * @throws InUseError when another process has it
 */
export async function takeOwnership(config: EmbeddedConnection, directory: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...config,
    database: 'postgres',
    application_name: `annal owner ${process.pid}`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  // the connection's end is what counts
  client.on('error', () => undefined);
  await client.connect();
  try {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK]);
      if (rows[0]?.taken) return client;
      if (performance.now() > end) throw new InUseError(await explain(client, directory));
      await delay(100);
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function explain(client: pg.Client, directory: string): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    `SELECT application_name AS owner FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) + objid::bigint = $1`,
    [LOCK],
  );
  const pid = rows[0]?.owner.split(' ').at(-1) ?? 'unknown';
  return (
    `The database in ${directory} is in use by another running Annal (process ${pid}). ` +
    'Stop that one first, or give this one a StorageDirectory and an IndexDirectory of its own.'
  );
}
