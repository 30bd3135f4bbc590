import {
  type AnnalConfiguration,
  type DatabaseConfig,
  type Logger,
  migrate,
  openEventLog,
  rebuildReadModels,
} from '@annal/platform';

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
  const log = await openEventLog(configuration, database);
  const started = performance.now();
  try {
    const report = await rebuildReadModels(configuration, database, log, {
      progress: ({ offset }) => logger.info(`Folded up to offset ${offset}`),
    });
    const seconds = (performance.now() - started) / 1000;
    return `Rebuilt from ${rate(report?.events ?? 0, seconds)}; the changes are those of the feed\n`;
  } finally {
    await log.close();
  }
}

/** @param seconds that they took */
function rate(events: number, seconds: number): string {
  return `${events} events in ${seconds.toFixed(1)} s (${Math.round(events / seconds)} events/s)`;
}
