import { randomUUID } from 'node:crypto';
import { envelope, type EventEnvelope, type LogCreated } from '@annal/domain';

/**
 * The first event of a log.
 * @param source the server's name
 */
export function logCreated(logId: string, source: string): EventEnvelope<LogCreated> {
  return envelope<LogCreated>({ type: 'annal.log.created.v1', data: { logId } }, 'log', {
    source,
    actor: { protocol: 'system' },
    correlationId: randomUUID(),
    now: new Date(),
  });
}
