import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type DatabaseConfig } from '../connection.js';

/** An empty database of a test's own. */
export interface TestDatabase {
  /** for `Annal.Database.Url` and for processes that a test starts */
  readonly url: string;
  /** the same for `pg` */
  readonly connection: DatabaseConfig;
  /** Ends all sessions and drops the database. */
  close(): Promise<void>;
}

/**
 * Creates an empty database on the PostgreSQL of the test run: the one at `ANNAL_TEST_DATABASE_URL` (whose role may
 * create databases), else one in a container where a container engine answers, else an embedded one.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `annal_test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = withDatabase(server, name);
  return {
    url,
    connection: { connectionString: url },
    close: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** The server's own database; jest's global setup (test/setup/postgres.mjs) starts a server when first asked. */
async function serverUrl(): Promise<string> {
  const given = process.env.ANNAL_TEST_DATABASE_URL;
  if (given) return given;
  const starter = process.env.ANNAL_TEST_POSTGRES_STARTER;
  if (!starter) throw new Error('Tests with PostgreSQL run under jest with the configuration of this repository');
  const response = await fetch(starter);
  const text = await response.text();
  if (!response.ok) throw new Error(`No PostgreSQL for tests: ${text}`);
  return text;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(server: string, name: string): string {
  // a URL of a unix socket has no host but a parameter of this name, which wins
  const url = new URL(server.replace('@/', '@localhost/'));
  url.pathname = `/${name}`;
  return url.href;
}
