import type { AnnalConfiguration } from '../config/index.js';
import { kafkaLogOptions, replicationOf } from '../log/kafka/kafka-settings.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import type { Logger } from '../telemetry/logger.js';
import { ChangesRelay } from './changes-relay.js';

/** The relay of a configuration whose log is in Kafka; it does nothing until it is started. */
export function openChangesRelay(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  logId: string,
  logger: Logger,
): ChangesRelay {
  const { Name, Annal } = configuration;
  const { connection } = kafkaLogOptions(configuration);
  const replication = replicationOf(Annal.EventLog);
  const options = { connection, topic: Annal.EventLog.ChangesTopic, replication, logId, source: Name };
  return new ChangesRelay(database, options, logger);
}
