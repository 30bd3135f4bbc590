import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectionTo } from './connection-to.js';
import { PASSWORD_FILE } from './cluster.js';
import { isPostmaster, readPostmasterFile } from './postmaster-file.js';
import type { EmbeddedConnection } from './types.js';

/**
 * How to reach the embedded PostgreSQL that another process runs in `directory`, without taking it over; undefined when
 * none runs there.
 */
export async function connectToRunning(directory: string): Promise<EmbeddedConnection | undefined> {
  const dataDirectory = join(directory, 'data');
  const running = await readPostmasterFile(dataDirectory);
  if (!running || !isPostmaster(running.pid, dataDirectory)) return undefined;
  const password = (await readFile(join(dataDirectory, PASSWORD_FILE), 'utf8')).trim();
  return connectionTo({ directory, dataDirectory, password }, running.socketDirectory, running.port);
}
