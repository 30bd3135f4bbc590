import pg from 'pg';
import { clientConfig, type DatabaseConfig } from './connection.js';
import { isConnectionLost } from './session.js';

/** The database given by URL cannot be used; the message says which one, why, and the way out. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'nothing listens there',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host is not known at the moment',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
};

/**
 * Makes sure that a database given by URL answers and lets this server in.
 * @param patience ms until what does not answer is given up
 * @throws DatabaseUnreachable
 */
export async function expectReachable(config: DatabaseConfig, patience = 10_000): Promise<void> {
  const client = new pg.Client({ ...clientConfig(config, 'start'), connectionTimeoutMillis: patience });
  // what comes after the failure of the connection says nothing new
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
  } catch (error) {
    // whoever is there may never say that the connection is over
    void client.end().catch(() => undefined);
    const host = client.host.includes(':') ? `[${client.host}]` : client.host;
    throw new DatabaseUnreachable(messageOf(error as NodeJS.ErrnoException, `${host}:${client.port}`, patience), {
      cause: error,
    });
  }
}

function messageOf(error: NodeJS.ErrnoException, where: string, patience: number): string {
  if (error instanceof pg.DatabaseError || !isConnectionLost(error)) {
    return `The database at ${where} cannot be used: ${error.message}. Change that there, or correct "Annal.Database.Url"`;
  }
  const silent = error.message === 'timeout expired' ? `nothing came for ${patience / 1000} s` : undefined;
  const reason = silent ?? REASONS[error.code ?? ''] ?? error.message;
  return `The database at ${where} does not answer: ${reason}. Start PostgreSQL there, or correct "Annal.Database.Url"`;
}
