import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster } from './cluster.js';
import { connectionTo } from './connection-to.js';
import { endPostmaster } from './end-postmaster.js';
import { EmbeddedPostgresError } from './errors.js';
import { type SupervisionLogger } from './logger.js';
import { takeOwnership } from './ownership.js';
import {
  disarmLockFiles,
  isPostmaster,
  readPostmasterFile,
  socketPath,
  type PostmasterFile,
} from './postmaster-file.js';
import { isAlive } from './processes.js';
import { removeSocketDirectory } from './socket-directory.js';

/** How long a running PostgreSQL may refuse to talk, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Makes way for a new PostgreSQL: one that a killed Annal left running is stopped, which also ends the sessions that
 * its workers may still have; a stale `postmaster.pid` is put out of the way.
 * @throws InUseError when the Annal it belongs to is running
 */
export async function clearLeftover(cluster: Cluster, logger: SupervisionLogger): Promise<void> {
  const { dataDirectory } = cluster;
  let file: PostmasterFile | undefined;
  let end = performance.now() + PATIENCE;
  while ((file = await readPostmasterFile(dataDirectory)) && isPostmaster(file.pid, dataDirectory)) {
    // one that recovers from a crash takes the time it takes
    if (!file.ready) end = performance.now() + PATIENCE;
    else if (await endUnowned(cluster, file, logger, performance.now() > end)) continue;
    await delay(100);
  }
  // not read again: by now the file may be that of another start, whose lock must stand
  if (!file) return;
  if (await answers(file)) {
    throw new EmbeddedPostgresError(
      `Another PostgreSQL, perhaps in another container, runs on ${dataDirectory}. Stop it first.`,
    );
  }
  if (isAlive(file.pid)) await disarmLockFiles(dataDirectory, file);
  await removeSocketDirectory(file.socketDirectory);
}

/**
 * Stops a running PostgreSQL that nobody owns.
 * @param lastTry whether to report, rather than to try again, that it can't be asked
 * @returns false when it can't be asked now: it may be going away
 */
async function endUnowned(
  cluster: Cluster,
  { pid, socketDirectory, port }: PostmasterFile,
  logger: SupervisionLogger,
  lastTry: boolean,
): Promise<boolean> {
  const { directory, dataDirectory } = cluster;
  let owner: pg.Client;
  try {
    owner = await takeOwnership(connectionTo(cluster, socketDirectory, port), directory);
  } catch (error) {
    // class 28: the password is not ours
    const refused = error instanceof pg.DatabaseError && error.code?.startsWith('28');
    if (lastTry || refused || error instanceof EmbeddedPostgresError) throw error;
    return false;
  }
  logger.warn(`PostgreSQL (process ${pid}) in ${directory} was left running by a killed Annal: it is restarted`);
  await endPostmaster(pid, dataDirectory);
  await owner.end().catch(() => undefined);
  return true;
}

async function answers({ socketDirectory, port }: PostmasterFile): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath(socketDirectory, port));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
