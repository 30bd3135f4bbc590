import { Skips } from '@annal/domain';
import {
  type AnnalConfiguration,
  type DatabaseConfig,
  type Logger,
  migrate,
  openControlLog,
  openEventLog,
  Session,
} from '@annal/platform';
import { rebuild, REBUILD_SCHEMA } from '@annal/projections';

export interface RebuildTimes {
  readonly events: number;
  readonly seconds: number;
}

/**
 * Rebuilds the read models beside a server that may be running.
 * @throws RebuildMismatch when the log tells another history than the changes feed; nothing has changed then
 */
export async function rebuildReadModels(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  logger: Logger,
): Promise<RebuildTimes> {
  await migrate(database);
  const log = await openEventLog(configuration, database);
  const control = openControlLog(configuration, database);
  const session = new Session(database, 'rebuild', REBUILD_SCHEMA);
  const started = performance.now();
  try {
    const report = await rebuild(log, session.execute, {
      skipped: new Skips(await control.skips()),
      progress: ({ offset }) => logger.info(`Folded up to offset ${offset}`),
    });
    return { events: report.events, seconds: (performance.now() - started) / 1000 };
  } finally {
    await session.reset();
    await control.close();
    await log.close();
  }
}
