import { createReadModel, LIVE_SCHEMA, READ_MODEL_VERSION } from '@annal/projections';
import { EventLog1763700000000 } from '../../../../migrations/1763700000000-event-log.js';
import { AppendAt1763800000000 } from '../../../../migrations/1763800000000-append-at.js';
import { Projector1763900000000 } from '../../../../migrations/1763900000000-projector.js';
import { ChangesRelay1764100000000 } from '../../../../migrations/1764100000000-changes-relay.js';
import { ReservedBlobs1764200000000 } from '../../../../migrations/1764200000000-reserved-blobs.js';
import { Vault1764300000000 } from '../../../../migrations/1764300000000-vault.js';
import { ReservationHolders1764400000000 } from '../../../../migrations/1764400000000-reservation-holders.js';
import { Jobs1764500000000 } from '../../../../migrations/1764500000000-jobs.js';
import { clientConfig, type DatabaseConfig } from './connection.js';
import { Session } from './session.js';

/** What `migrate` found of the read models. */
export type ReadModelState = 'current' | 'created' | 'outdated';

/** Held while the schema changes, so that processes starting together don't change it twice. */
const MIGRATION_LOCK = 0x616e6e61;

/**
 * Brings the durable schemas up to date, and creates the read models of a new archive. Those of another version are left
 * alone and reported `outdated`, as those of an older archive are that are gone: they are rebuilt from the log.
 */
export async function migrate(config: DatabaseConfig): Promise<ReadModelState> {
  const session = new Session(config, 'migration', { schema: 'public', once: true });
  try {
    await session.execute(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await runMigrations(config);
    const [[row] = []] = await session.execute(
      `SELECT to_regclass('${LIVE_SCHEMA}.folded_position') IS NOT NULL AS there`,
    );
    if (row!.there !== true) {
      // they were there once: new ones would begin a history that the feed has already
      const [[feed] = []] = await session.execute('SELECT EXISTS (SELECT 1 FROM annal_log.change_feed) AS begun');
      if (feed!.begun === true) return 'outdated';
      await session.execute(`BEGIN; ${createReadModel(LIVE_SCHEMA)} COMMIT`);
      return 'created';
    }
    const [[position] = []] = await session.execute(`SELECT version FROM ${LIVE_SCHEMA}.folded_position`);
    return position!.version === READ_MODEL_VERSION ? 'current' : 'outdated';
  } finally {
    await session.reset();
  }
}

async function runMigrations(config: DatabaseConfig): Promise<void> {
  // only the process that migrates loads its 300 files
  const { DataSource } = await import('typeorm');
  const extra = { ...clientConfig(config, 'migration', 'public'), options: undefined, types: undefined };
  const source = new DataSource({
    type: 'postgres',
    extra,
    migrations: [
      EventLog1763700000000,
      AppendAt1763800000000,
      Projector1763900000000,
      ChangesRelay1764100000000,
      ReservedBlobs1764200000000,
      Vault1764300000000,
      ReservationHolders1764400000000,
      Jobs1764500000000,
    ],
    migrationsTableName: 'annal_migrations',
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
  } finally {
    await source.destroy();
  }
}
