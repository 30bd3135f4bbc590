import { randomUUID } from 'node:crypto';
import type { BlobStore, EventContext, EventLog, EventWriter } from '@annal/domain';

import {
  BlobReaper,
  BlobSweeper,
  forgetOld,
  type MadeRoom,
  type Queryable,
  Recycler,
  StableResources,
  SWEEPER_GRACE_H,
  type WantedRoom,
} from '@annal/projections';
import type { AnnalConfiguration } from '../config/index.js';
import { crashPoint } from '../faults/crash-point.js';
import { type DatabaseConfig, openPool } from '../postgres/connection.js';
import type { Logger } from '../telemetry/logger.js';
import { KeyEraser } from '../vault/key-eraser.js';
import type { Vault } from '../vault/vault.js';
import { dropLeftovers } from '../folding/rebuild-read-models.js';
import { Periodic } from './periodic.js';
import { storageLimits } from './storage-limits.js';

const REAPER_GRACE_S = 10;
const ERASER_MS = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SWEEPER_FIRST_MS = 600_000;
const SWEEPER_PATIENCE_MS = 60_000;
const QUARANTINE_H = 7 * 24;

/** What one process does for the whole archive: stability, recycling, blobs without an owner, old outcomes. */
export class Owners {
  private tasks: readonly Periodic[] = [];
  private readonly pool;
  private readonly recycler: Recycler;

  constructor(
    private readonly configuration: AnnalConfiguration,
    private readonly database: DatabaseConfig,
    private readonly log: EventLog & EventWriter,
    private readonly blobs: BlobStore,
    private readonly vault: Vault,
    private readonly logger: Logger,
  ) {
    this.pool = openPool(database, 'owners', 2);
    this.recycler = new Recycler(this.pool, log, storageLimits(configuration));
  }

  /** Begins, or goes on, with what is done again and again. */
  start(): void {
    if (this.tasks.length > 0) return;
    const { blobs, log, logger } = this;
    const queryable: Queryable = this.pool;
    const stable = new StableResources(queryable, log, this.configuration.StableAge);
    const reaper = new BlobReaper(queryable, blobs, REAPER_GRACE_S, crashPoint);
    const { Grace } = this.configuration.Annal.Vault;
    const eraser = new KeyEraser(queryable, log, blobs, Grace, () => this.vault.forget(), crashPoint);
    const sweeper = new BlobSweeper(queryable, log, blobs, SWEEPER_GRACE_H, SWEEPER_PATIENCE_MS);
    this.tasks = [
      new Periodic('Declaring resources stable', 250, () => this.untilNone(() => stable.run(this.context())), logger),
      new Periodic('Deleting the blobs of deleted instances', 1000, () => this.untilNone(() => reaper.run()), logger),
      new Periodic('Retiring the keys of deleted studies', 1000, () => this.untilNone(() => eraser.retire()), logger),
      new Periodic(
        'Destroying the keys of deleted studies',
        Math.min(ERASER_MS, (Grace * 1000) / 3),
        () => this.untilNone(() => this.destroyKeys(eraser)),
        logger,
      ),
      new Periodic('Retiring keys that were never used', DAY_MS, () => eraser.retireUnused(), logger, SWEEPER_FIRST_MS),
      new Periodic(
        'Wrapping keys with the current master key',
        HOUR_MS,
        () => this.untilNone(() => this.vault.rewrap()),
        logger,
        1000,
      ),
      new Periodic(
        'Looking for blobs without an owner',
        SWEEPER_GRACE_H * HOUR_MS,
        () => sweeper.run(new Date()),
        logger,
        SWEEPER_FIRST_MS,
      ),
      new Periodic('Purging the quarantine', HOUR_MS, () => blobs.purgeQuarantine(hoursAgo(QUARANTINE_H)), logger),
      new Periodic(
        'Giving up unfinished blobs',
        HOUR_MS,
        () => blobs.purgeUnfinished(hoursAgo(SWEEPER_GRACE_H)),
        logger,
      ),
      new Periodic('Dropping what broken rebuilds left', HOUR_MS, () => dropLeftovers(this.database), logger),
      new Periodic('Forgetting old outcomes', 60_000, () => forgetOld(queryable), logger),
    ];
  }

  /** Leaves that to another process; resolves when nothing of it is under way any more. */
  async pause(): Promise<void> {
    const { tasks } = this;
    this.tasks = [];
    await Promise.all(tasks.map((task) => task.stop()));
  }

  /** Recycles one patient where there is no room for an upload. */
  makeRoom(wanted: WantedRoom): Promise<MadeRoom> {
    return this.recycler.makeRoom(wanted, this.context());
  }

  /** Ends all of it and closes the connections. */
  async stop(): Promise<void> {
    await this.pause();
    await this.pool.end();
  }

  private async destroyKeys(eraser: KeyEraser): Promise<number> {
    const destroyed = await eraser.destroy();
    if (destroyed > 0) this.logger.info(`${destroyed} keys of deleted studies and patients were destroyed`);
    return destroyed;
  }

  private context(): EventContext {
    return {
      source: this.configuration.Name,
      actor: { protocol: 'system' },
      correlationId: randomUUID(),
      now: new Date(),
    };
  }

  private async untilNone(step: () => Promise<number>): Promise<void> {
    while ((await step()) > 0);
  }
}

function hoursAgo(hours: number): Date {
  return new Date(Date.now() - hours * HOUR_MS);
}
