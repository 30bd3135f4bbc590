import type { ControlLog, EventLog, EventWriter, Written } from '@annal/domain';
import type { OpenSealed } from '@annal/projections';
import { v7 as uuidv7 } from 'uuid';
import type { AnnalConfiguration } from '../config/index.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import { KafkaControlLog } from './kafka/kafka-control-log.js';
import { KafkaEventLog } from './kafka/kafka-event-log.js';
import { controlTopic, kafkaLogOptions, replicationOf } from './kafka/kafka-settings.js';
import { openKafkaLog } from './kafka/open-kafka-log.js';
import { logCreated } from './log-created.js';
import { PostgresControlLog } from './postgres-control-log.js';
import { PostgresEventLog } from './postgres-event-log.js';

/** The event log of an archive, whatever keeps it. */
export interface ArchiveLog extends EventLog, EventWriter {
  /** As `submit`, with the events as JSON texts. */
  submitSerialized(bodies: readonly string[]): Promise<Written>;
  /** Finishes what is under way and closes the connections. */
  close(): Promise<void>;
}

/**
 * Opens the configured log beside a migrated database, creating it where it is new.
 * @param open opens what is sealed in events to append; without it, only what is in clear can be
 */
export function openEventLog(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  open?: OpenSealed,
): Promise<ArchiveLog> {
  const { Name, Annal } = configuration;
  const create = (logId: string): ReturnType<typeof logCreated> => logCreated(logId, Name);
  if (Annal.EventLog.Kind === 'kafka') {
    return openKafkaLog(database, { ...kafkaLogOptions(configuration), open }, replicationOf(Annal.EventLog), create);
  }
  return PostgresEventLog.open(database, create, uuidv7(), {
    recoveryTimeout: Annal.Limits.WriterTimeout * 1000,
    open,
  });
}

/** A log that another process has opened, known by its identity. @param open as of {@link openEventLog} */
export function attachEventLog(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  logId: string,
  open?: OpenSealed,
): ArchiveLog {
  const { EventLog, Limits } = configuration.Annal;
  if (EventLog.Kind === 'kafka') {
    return KafkaEventLog.attach(database, { ...kafkaLogOptions(configuration), open }, logId);
  }
  return PostgresEventLog.attach(database, logId, { recoveryTimeout: Limits.WriterTimeout * 1000, open });
}

/** What operators decided about the configured log. */
export function openControlLog(configuration: AnnalConfiguration, database: DatabaseConfig): ControlLog {
  if (configuration.Annal.EventLog.Kind === 'postgres') return new PostgresControlLog(database);
  const { connection, topic } = kafkaLogOptions(configuration);
  return new KafkaControlLog(connection, controlTopic(topic));
}
