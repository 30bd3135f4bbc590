import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type PostgresBinaries } from './binaries.js';
import { type Cluster } from './cluster.js';
import { connectionTo } from './connection-to.js';
import { type Launcher } from './launcher.js';
import { clearLeftover } from './leftover.js';
import { InUseError, takeOwnership } from './ownership.js';
import { type Postmaster, startPostmaster, StartFailure } from './postmaster.js';
import { createSocketDirectory, removeSocketDirectory } from './socket-directory.js';
import { type EmbeddedPostgresOptions } from './types.js';

/** A PostgreSQL together with the connection by which this process owns it. */
export interface OwnedPostmaster {
  readonly postmaster: Postmaster;
  readonly owner: pg.Client;
  readonly socketDirectory: string;
  readonly port: number;
}

/** Only a name inside the socket's folder when PostgreSQL does not listen on TCP. */
const DEFAULT_PORT = 5432;
/** How long the rest of a killed PostgreSQL, or another start, may be in the way, in milliseconds. */
const PATIENCE = 30_000;

/** Starts PostgreSQL and takes ownership, again while a start at the same moment or a dying predecessor interferes. */
export async function startOwned(
  launcher: Launcher,
  binaries: PostgresBinaries,
  cluster: Cluster,
  options: EmbeddedPostgresOptions,
): Promise<OwnedPostmaster> {
  const { logger, port = DEFAULT_PORT, durable = true, settings: extra = {} } = options;
  const end = performance.now() + PATIENCE;
  for (;;) {
    await clearLeftover(cluster, logger);
    const socketDirectory = await createSocketDirectory(cluster.directory, launcher.account);
    try {
      const settings = { socketDirectory, port, tcp: options.port !== undefined, durable, extra };
      const postmaster = await startPostmaster(launcher, binaries, cluster, settings, logger);
      const owner = await takeOwnership(connectionTo(cluster, socketDirectory, port), cluster.directory);
      return { postmaster, owner, socketDirectory, port };
    } catch (error) {
      const passing = error instanceof StartFailure ? error.contended : !(error instanceof InUseError);
      if (!passing || performance.now() > end) {
        await removeSocketDirectory(socketDirectory);
        throw error;
      }
      await delay(200);
    }
  }
}
