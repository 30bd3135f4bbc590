import { Skips } from '@annal/domain';
import {
  type AnnalConfiguration,
  attachEventLog,
  type DatabaseConfig,
  type Logger,
  migrate,
  openBlobStore,
  openControlLog,
  openEventLog,
  openVault,
  rebuildReadModels,
  type RebuildRequest,
  Session,
} from '@annal/platform';
import { rebuildPast } from '@annal/projections';

/**
 * `annal rebuild`: folds the whole log into new read models beside the live ones and swaps them in.
 * @returns what is to be printed
 * @throws RebuildMismatch when the log tells another history than the changes feed; nothing has changed then
 */
export async function rebuildLive(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  logger: Logger,
): Promise<string> {
  await migrate(database);
  const blobs = await openBlobStore(configuration, false);
  const vault = openVault(configuration, database, blobs, logger);
  const log = await openEventLog(configuration, database);
  const started = performance.now();
  try {
    const report = await rebuildReadModels(configuration, database, log, {
      open: vault.open,
      progress: ({ offset }) => logger.info(`Folded up to offset ${offset}`),
    });
    const seconds = (performance.now() - started) / 1000;
    const blank = report?.blank ? `; of ${report.blank} instances neither key nor file is there` : '';
    const empty = report?.lostMetadata ? `; ${report.lostMetadata} metadata lost their values with their keys` : '';
    return `Rebuilt from ${rate(report?.events ?? 0, seconds)}; the changes are those of the feed${blank}${empty}\n`;
  } finally {
    await Promise.all([log.close(), vault.close(), blobs.close()]);
  }
}

/**
 * `annal rebuild --until`: makes the read models as they were, in a schema of their own, for looking only.
 * @returns what is to be printed
 * @throws SchemaRefused, NoSuchMoment, RebuildStopped
 */
export async function rebuildAsItWas(
  { until, schema }: NonNullable<RebuildRequest['past']>,
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  logger: Logger,
): Promise<string> {
  const session = new Session(database, 'rebuild', { schema, once: true });
  const log = attachEventLog(configuration, database, 'any');
  const control = openControlLog(configuration, database);
  const blobs = await openBlobStore(configuration, false);
  const vault = openVault(configuration, database, blobs, logger);
  const started = performance.now();
  try {
    const { events, position, time } = await rebuildPast(log, session.execute, schema, until, {
      skipped: new Skips(await control.skips()),
      open: vault.open,
      progress: ({ offset }) => logger.info(`Folded up to offset ${offset}`),
    });
    const seconds = (performance.now() - started) / 1000;
    return `The schema ${schema} shows the index as it was at position ${position.offset} (${time}), from ${rate(events, seconds)}\n`;
  } finally {
    await Promise.all([log.close(), control.close(), session.reset(), vault.close(), blobs.close()]);
  }
}

/** @param seconds that they took */
function rate(events: number, seconds: number): string {
  return `${events} events in ${seconds.toFixed(1)} s (${Math.round(events / seconds)} events/s)`;
}
