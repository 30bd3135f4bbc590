import {
  type AnnalConfiguration,
  type ArchiveLog,
  type DatabaseConfig,
  type Logger,
  openChangesRelay,
  openControlLog,
  type Owners,
  Projector,
} from '@annal/platform';

/** What makes the read models, and looks after the archive meanwhile. */
export interface Folding {
  stop(): Promise<void>;
}

/**
 * With the PostgreSQL log whoever appends folds; a log in Kafka is folded here where the process has that role. The
 * archive is looked after, and its changes are published, by whoever folds it.
 */
export function startFolding(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  log: ArchiveLog,
  owners: Owners,
  logger: Logger,
): Folding {
  const { EventLog, Roles } = configuration.Annal;
  if (EventLog.Kind === 'postgres') {
    owners.start();
    return { stop: () => owners.pause() };
  }
  if (!Roles.includes('projector')) return { stop: () => Promise.resolve() };
  const control = openControlLog(configuration, database);
  const relay = openChangesRelay(configuration, database, log.logId, logger);
  const active = async (is: boolean): Promise<void> => {
    for (const one of [relay, owners]) await (is ? one.start() : one.pause());
  };
  const projector = new Projector(database, log, control, logger, { active });
  projector.start();
  return {
    stop: async () => {
      await projector.stop();
      await relay.close();
      await control.close();
    },
  };
}
