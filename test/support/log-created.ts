import { envelope, type EventEnvelope, type LogCreated } from '@annal/domain';
import { testContext } from './stored-event.js';

/** The first event of a log of a test. */
export function logCreated(logId: string): EventEnvelope<LogCreated> {
  return envelope<LogCreated>({ type: 'annal.log.created.v1', data: { logId } }, 'log', testContext());
}
