import type { RecordedEvent } from '@annal/domain';

/** What is read is no event log, or not all of one. */
export class NoEventLog extends Error {
  override readonly name = 'NoEventLog';
}

export const BEGINNING_GONE =
  'The beginning of the event log is gone: it was cut by its retention or by hand. Nothing can be made from what is left; restore the log';

/** The identity that a log has by its first event. @throws NoEventLog */
export function nameOfLog(first: RecordedEvent): string {
  if (first.position.offset !== 0) throw new NoEventLog(BEGINNING_GONE);
  if (first.type !== 'annal.log.created.v1' || first.unreadable !== undefined) {
    throw new NoEventLog('What the configuration names is no event log: it does not begin with LogCreated');
  }
  return (first.data as { readonly logId: string }).logId;
}
