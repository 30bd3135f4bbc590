import { randomUUID } from 'node:crypto';
import { envelope, type EventEnvelope, type LogCreated } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import type { DatabaseConfig } from '../postgres/connection.js';
import { PostgresEventLog } from './postgres-event-log.js';

/**
 * Opens the log of a migrated database, creating it where it is new.
 * @param source the server's name, for the first event
 * @param recoveryTimeout see PostgresEventLogOptions, ms
 */
export function openEventLog(
  database: DatabaseConfig,
  source: string,
  recoveryTimeout: number,
): Promise<PostgresEventLog> {
  const create = (logId: string): EventEnvelope<LogCreated> =>
    envelope<LogCreated>({ type: 'annal.log.created.v1', data: { logId } }, 'log', {
      source,
      actor: { protocol: 'system' },
      correlationId: randomUUID(),
      now: new Date(),
    });
  return PostgresEventLog.open(database, create, uuidv7(), { recoveryTimeout });
}
