import { BEGINNING, type EventLog, type Position } from '@annal/domain';
import { OffsetGone } from '../kafka/kafka-partition.js';
import { BEGINNING_GONE, nameOfLog, NoEventLog } from '../log/log-identity.js';
import type { Session } from '../postgres/session.js';

/** The log does not go on where the read models end: nothing is folded until somebody puts that right. */
export class LogMismatch extends Error {
  override readonly name = 'LogMismatch';
}

/**
 * Where the read models are in a log, which is whole and the one that they were made from.
 * @throws LogMismatch, NoEventLog
 */
export async function foldedPosition(session: Session, log: EventLog): Promise<Position> {
  const [[row] = []] = await session.execute('SELECT "offset", log_id FROM folded_position WHERE partition = 0');
  const { offset, log_id: made } = row as { offset: number; log_id: string | null };
  const [first] = await log.read(BEGINNING, 1).catch((error: unknown) => {
    throw error instanceof OffsetGone ? new NoEventLog(BEGINNING_GONE, { cause: error }) : error;
  });
  // asked of the log itself: it may have been exchanged since this process opened it
  const name = first && nameOfLog(first);
  if (name !== undefined && made !== null && made !== name) {
    throw new LogMismatch(`The read models were made from the event log ${made}, but this one is ${name}`);
  }
  const end = await log.end();
  if (end.offset < offset) {
    throw new LogMismatch(`The event log ends at ${end.offset}, but the read models are folded up to ${offset}`);
  }
  return { partition: 0, offset };
}
