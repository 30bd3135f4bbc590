import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientConfig, connectToRunning } from '@annal/platform';
import pg from 'pg';
import type { ArchiveServer } from './archive-server.js';

/** Where the embedded PostgreSQL of a test server is. */
export function postgresFolder(server: ArchiveServer): string {
  return join(server.index, 'postgres');
}

/** The process id of a test server's embedded PostgreSQL; 0 while it does not run. */
export async function postmaster(server: ArchiveServer): Promise<number> {
  const text = await readFile(join(postgresFolder(server), 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

/** Runs a query on a server's live read models, over a connection of its own. */
export async function query<R extends object>(
  server: ArchiveServer,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = await connect(server);
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Runs statements in a transaction on a server's database, and leaves it open; resolves with what ends it. */
export async function hold(server: ArchiveServer, sql: string): Promise<() => Promise<void>> {
  const client = await connect(server);
  await client.query(`BEGIN; ${sql}`);
  return () => client.end();
}

async function connect(server: ArchiveServer): Promise<pg.Client> {
  const config =
    server.databaseUrl === undefined
      ? await connectToRunning(postgresFolder(server))
      : { connectionString: server.databaseUrl };
  const client = new pg.Client(clientConfig(config!, 'test'));
  await client.connect();
  return client;
}
