import { type BlobStore, Skips } from '@annal/domain';
import { project } from '@annal/projections';
import type { AnnalConfiguration } from '../config/index.js';
import { madeFrom } from '../log/made-from.js';
import { type ArchiveLog, openControlLog, openEventLog } from '../log/open-event-log.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import { migrate } from '../postgres/migrate.js';
import { Session } from '../postgres/session.js';
import type { Logger } from '../telemetry/logger.js';
import { applyMarks } from '../vault/destruction-mark.js';
import type { Vault } from '../vault/vault.js';
import { dropLeftovers, rebuildReadModels } from './rebuild-read-models.js';

/** Opens the log on an up-to-date database whose read models are those of this release, where it is this process that folds. */
export async function openLog(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  vault: Vault,
  blobs: BlobStore,
  logger: Logger,
): Promise<ArchiveLog> {
  const state = await migrate(database);
  await vault.check();
  await destroyAgain(database, blobs, logger);
  await dropLeftovers(database);
  const log = await openEventLog(configuration, database, vault.open);
  try {
    await checkSameLog(log, database);
    const { EventLog, Roles } = configuration.Annal;
    // a log in Kafka is folded by projectors
    const folds = EventLog.Kind === 'postgres' || Roles.includes('projector');
    if (state === 'outdated' && folds) await renew(configuration, database, log, vault, logger);
    if (EventLog.Kind === 'postgres') await catchUp(configuration, database, log, vault);
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** Destroys the keys that were destroyed before and are there again, because the database was restored. */
async function destroyAgain(database: DatabaseConfig, blobs: BlobStore, logger: Logger): Promise<void> {
  const session = new Session(database, 'vault');
  try {
    const keys = await applyMarks(session.execute, blobs);
    if (keys > 0) logger.warn(`${keys} keys of erased studies were in the database again and are destroyed`);
  } finally {
    await session.reset();
  }
}

/** Makes read models of another release anew, unless another process that starts has done so. */
async function renew(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  log: ArchiveLog,
  vault: Vault,
  logger: Logger,
): Promise<void> {
  const report = await rebuildReadModels(configuration, database, log, { open: vault.open }, async () => {
    if ((await migrate(database)) !== 'outdated') return false;
    logger.info('The read models are those of another release: they are rebuilt from the log');
    return true;
  });
  if (report?.blank) logger.warn(`Of ${report.blank} instances neither the key is there nor the file`);
  if (report?.lostMetadata) logger.warn(`${report.lostMetadata} metadata lost their values with their keys`);
}

/** Folds what read models have not seen that are new, or whose start broke off when they were. */
async function catchUp(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  log: ArchiveLog,
  vault: Vault,
): Promise<void> {
  const session = new Session(database, 'catching up');
  const control = openControlLog(configuration, database);
  try {
    const skipped = new Skips(await control.skips());
    const [[row] = []] = await session.execute('SELECT "offset" FROM folded_position');
    let at = { partition: 0, offset: row!.offset as number };
    for (;;) {
      const events = await log.read(at, 500);
      if (events.length === 0) return;
      await project(events, session.execute, { skipped, open: vault.open });
      at = events.at(-1)!.position;
    }
  } finally {
    await control.close();
    await session.reset();
  }
}

/** Read models made from one log must not go on with another, such as one restored or recreated under the same name. */
async function checkSameLog(log: ArchiveLog, database: DatabaseConfig): Promise<void> {
  const session = new Session(database, 'check');
  try {
    const made = await madeFrom(session);
    if (made === undefined || made === log.logId) return;
    throw new Error(
      `The read models were made from the event log ${made}, but this one is ${log.logId}. ` +
        'Correct "Annal.EventLog.Topic" or "Annal.Database.Url": each archive has a log and a database of its own',
    );
  } finally {
    await session.reset();
  }
}
