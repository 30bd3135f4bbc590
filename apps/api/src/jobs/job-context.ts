import type { EventContext } from '@annal/domain';

/**
 * What the events say of where they come from that jobs cause, or those who look after jobs.
 * @param source the server's name
 * @param correlationId the job's identifier, where it is about one
 */
export function jobContext(source: string, correlationId: string, now = new Date()): EventContext {
  return { source, actor: { protocol: 'job' }, correlationId, now };
}
