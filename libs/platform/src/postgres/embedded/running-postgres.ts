import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type Cluster } from './cluster.js';
import { connectionTo } from './connection-to.js';
import { endPostmaster } from './end-postmaster.js';
import { type Launcher } from './launcher.js';
import { takeOwnership } from './ownership.js';
import { type Postmaster } from './postmaster.js';
import { removeSocketDirectory } from './socket-directory.js';
import { type OwnedPostmaster } from './start-owned.js';
import { type EmbeddedPostgres, type EmbeddedPostgresExit, type EmbeddedPostgresOptions } from './types.js';
import { startWatchdog } from './watchdog.js';

const DEFAULT_GRACE = 30;

/** A started PostgreSQL, watched until it ends. */
export class RunningPostgres implements EmbeddedPostgres {
  readonly connection: EmbeddedPostgres['connection'];
  readonly pid: number;
  readonly exited: Promise<EmbeddedPostgresExit>;
  private readonly dataDirectory: string;
  private readonly postmaster: Postmaster;
  private owner: pg.Client;
  private gone = false;
  private requested = false;

  constructor(started: OwnedPostmaster, launcher: Launcher, cluster: Cluster, options: EmbeddedPostgresOptions) {
    const { postmaster, socketDirectory, port } = started;
    this.connection = connectionTo(cluster, socketDirectory, port);
    this.pid = postmaster.pid;
    this.postmaster = postmaster;
    this.dataDirectory = cluster.dataDirectory;
    this.owner = started.owner;
    this.keepOwnership(cluster.directory);
    const watchdog = startWatchdog(launcher, this.dataDirectory, this.pid, options.orphanGrace ?? DEFAULT_GRACE);
    this.exited = postmaster.exited.then(async (exit) => {
      this.gone = true;
      watchdog.dismiss();
      await removeSocketDirectory(socketDirectory);
      return { ...exit, requested: this.requested };
    });
  }

  async stop(): Promise<void> {
    this.requested = true;
    if (!this.gone) {
      this.postmaster.hold();
      await endPostmaster(this.pid, this.dataDirectory);
    }
    await this.exited;
  }

  /** PostgreSQL drops all connections when one of its processes is killed, and lives on: then the place is taken again. */
  private keepOwnership(directory: string): void {
    this.owner.once('end', () => void this.ownAgain(directory));
  }

  private async ownAgain(directory: string): Promise<void> {
    const over = (): boolean => this.gone || this.requested;
    for (;;) {
      await delay(100, undefined, { ref: false });
      if (over()) return;
      const owner = await takeOwnership(this.connection, directory).catch(() => undefined);
      if (!owner) continue; // not yet back, or ending
      // what answers at this address by now is the next start's own
      if (over()) return owner.end().catch(() => undefined);
      this.owner = owner;
      return this.keepOwnership(directory);
    }
  }
}
