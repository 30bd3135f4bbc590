import pg from 'pg';
import { type EmbeddedConnection } from './types.js';

/** Creates the database that a connection names, where it is missing. */
export async function createDatabase(config: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...config, database: 'postgres', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [config.database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(config.database)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
