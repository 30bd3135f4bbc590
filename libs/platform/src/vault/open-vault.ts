import type { BlobStore } from '@annal/domain';
import { type AnnalConfiguration, readMasterKeys } from '../config/index.js';
import type { DatabaseConfig, SessionSettings } from '../postgres/connection.js';
import type { Logger } from '../telemetry/logger.js';
import { KeyStore } from './key-store.js';
import { MasterKeys } from './master-keys.js';
import { instanceRecovery } from './recover-instance.js';
import { Vault } from './vault.js';

/** The longest that a process remembers keys, seconds. */
const MEMORY_S = 60;
/**
 * With the log in the same database a key is durable with the first event sealed with it at the latest: what is committed
 * later is flushed later (PostgreSQL manual, section 28.4).
 */
const BESIDE_THE_LOG: SessionSettings = { synchronous_commit: 'off' };

/** Opens the configured key vault of a migrated database. */
export function openVault(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  blobs: Pick<BlobStore, 'stream'>,
  logger: Logger,
): Vault {
  const { EventLog, Vault: options } = configuration.Annal;
  const settings = EventLog.Kind === 'postgres' ? BESIDE_THE_LOG : {};
  // what is sealed with a key that was retired meanwhile must be in the log before it is destroyed
  const memory = { sealing: Math.min(MEMORY_S, options.Grace / 3) * 1000, opening: MEMORY_S * 1000 };
  const store = new KeyStore(database, new MasterKeys(readMasterKeys(configuration)), settings, memory.sealing);
  return new Vault(store, memory, instanceRecovery(configuration, blobs, logger));
}
