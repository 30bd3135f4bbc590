import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../index.js';
import { type EmbeddedConnection, type EmbeddedPostgresOptions } from '../types.js';

/** A temporary folder for the embedded PostgreSQL, and what was started there. */
export class EmbeddedFolder {
  readonly warnings: string[] = [];
  private readonly started: EmbeddedPostgres[] = [];

  private constructor(
    private readonly parent: string,
    readonly path: string,
  ) {}

  /** @param name below the temporary folder */
  static async create(name = 'postgres'): Promise<EmbeddedFolder> {
    const parent = await mkdtemp(join(tmpdir(), 'annal-embedded-'));
    return new EmbeddedFolder(parent, join(parent, name));
  }

  async start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const logger = { info: () => undefined, warn: (message: string) => void this.warnings.push(message) };
    const server = await startEmbeddedPostgres({ directory: this.path, durable: false, logger, ...options });
    this.started.push(server);
    return server;
  }

  async remove(): Promise<void> {
    await Promise.all(this.started.map((server) => server.stop()));
    await rm(this.parent, { recursive: true, force: true });
  }
}

/** Runs one statement on a connection of its own. */
export async function query(connection: EmbeddedConnection, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
