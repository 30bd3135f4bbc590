import { openChangesRelay } from '../changes-relay/open-changes-relay.js';
import type { AnnalConfiguration } from '../config/index.js';
import { type ArchiveLog, openControlLog } from '../log/open-event-log.js';
import type { Owners } from '../owners/owners.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Projector, type ProjectorState } from '../projector/projector.js';
import type { Vault } from '../vault/vault.js';
import type { Logger } from '../telemetry/logger.js';

/** What makes the read models, and looks after the archive meanwhile. */
export interface Folding {
  /** What its projector is doing; undefined where there is none. */
  readonly state: ProjectorState | undefined;
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
  vault: Vault,
  logger: Logger,
): Folding {
  const { EventLog, Roles } = configuration.Annal;
  if (EventLog.Kind === 'postgres') {
    owners.start();
    return { state: undefined, stop: () => owners.pause() };
  }
  if (!Roles.includes('projector')) return { state: undefined, stop: () => Promise.resolve() };
  const control = openControlLog(configuration, database);
  const relay = openChangesRelay(configuration, database, log.logId, logger);
  const active = async (is: boolean): Promise<void> => {
    if (is) {
      relay.start();
      owners.start();
    } else {
      await Promise.all([relay.pause(), owners.pause()]);
    }
  };
  const projector = new Projector(database, log, control, logger, { active, open: vault.open });
  projector.start();
  return {
    get state(): ProjectorState {
      return projector.state;
    },
    stop: async () => {
      await projector.stop();
      await relay.close();
      await control.close();
    },
  };
}
