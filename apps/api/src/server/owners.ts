import { randomUUID } from 'node:crypto';
import type { BlobStore, EventContext, EventLog, EventWriter } from '@annal/domain';
import { type AnnalConfiguration, crashPoint, type Logger, openPool, type DatabaseConfig } from '@annal/platform';
import {
  BlobReaper,
  BlobSweeper,
  type MadeRoom,
  type Queryable,
  Recycler,
  StableResources,
  SWEEPER_GRACE_H,
  type WantedRoom,
} from '@annal/projections';
import { Periodic } from './periodic.js';
import { storageLimits } from './storage-limits.js';

const REAPER_GRACE_S = 10;
const HOUR_MS = 3_600_000;
const SWEEPER_FIRST_MS = 600_000;

/** What one process does for the whole archive: stability, recycling, blobs without an owner, old outcomes. */
export class Owners {
  private readonly tasks: Periodic[];
  private readonly pool;
  private readonly recycler: Recycler;

  constructor(
    private readonly configuration: AnnalConfiguration,
    database: DatabaseConfig,
    log: EventLog & EventWriter,
    blobs: BlobStore,
    logger: Logger,
  ) {
    this.pool = openPool(database, 'owners', 2);
    const queryable: Queryable = this.pool;
    const stable = new StableResources(queryable, log, configuration.StableAge);
    const reaper = new BlobReaper(queryable, blobs, REAPER_GRACE_S, crashPoint);
    const sweeper = new BlobSweeper(queryable, log, blobs, SWEEPER_GRACE_H);
    this.recycler = new Recycler(queryable, log, storageLimits(configuration));
    this.tasks = [
      new Periodic('Declaring resources stable', 250, () => this.untilNone(() => stable.run(this.context())), logger),
      new Periodic('Deleting the blobs of deleted instances', 1000, () => this.untilNone(() => reaper.run()), logger),
      new Periodic(
        'Looking for blobs without an owner',
        SWEEPER_GRACE_H * HOUR_MS,
        () => sweeper.run(new Date()),
        logger,
        SWEEPER_FIRST_MS,
      ),
      new Periodic('Purging the quarantine', HOUR_MS, () => blobs.purgeQuarantine(weekAgo()), logger),
      new Periodic('Forgetting old outcomes', 60_000, () => this.prune(), logger),
    ];
  }

  /** Recycles one patient where there is no room for an upload. */
  makeRoom(wanted: WantedRoom): Promise<MadeRoom> {
    return this.recycler.makeRoom(wanted, this.context());
  }

  async stop(): Promise<void> {
    await Promise.all(this.tasks.map((task) => task.stop()));
    await this.pool.end();
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

  private async prune(): Promise<void> {
    await this.pool.query(`DELETE FROM outcomes WHERE at < now() - interval '1 hour'`);
    await this.pool.query(`DELETE FROM reservations WHERE at < now() - interval '1 hour'`);
  }
}

function weekAgo(): Date {
  return new Date(Date.now() - 7 * 24 * HOUR_MS);
}
