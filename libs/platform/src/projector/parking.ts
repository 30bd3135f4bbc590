import type { RecordedEvent } from '@annal/domain';
import { sqlText } from '@annal/projections';
import type { Session } from '../postgres/session.js';

/** An event that cannot be folded, in front of which the fold stands. */
export interface ParkedEvent {
  readonly offset: number;
  readonly eventId: string | null;
  readonly type: string | null;
  /** What is wrong with it; without values of tags. */
  readonly error: string;
  readonly at: Date;
}

const COLUMNS = `"offset", event_id AS "eventId", type, error, at`;

/** The events that stand in the fold's way. */
export async function parkedEvents(session: Session): Promise<readonly ParkedEvent[]> {
  const [rows = []] = await session.execute(`SELECT ${COLUMNS} FROM annal_ops.parked_events ORDER BY "offset"`);
  return rows as unknown as ParkedEvent[];
}

/** Puts an event on record as not to be folded. */
export async function park(session: Session, event: RecordedEvent, error: string): Promise<void> {
  await session.execute(
    `INSERT INTO annal_ops.parked_events ("offset", event_id, type, error)
     VALUES (${event.position.offset}, ${sqlText(String(event.id))}, ${sqlText(String(event.type))}, ${sqlText(error)})
     ON CONFLICT ("offset") DO UPDATE SET error = excluded.error`,
  );
}

/** Whether an event still stands in the way: an operator may have asked for another attempt. */
export async function isParked(session: Session, offset: number): Promise<boolean> {
  const [rows = []] = await session.execute(`SELECT 1 FROM annal_ops.parked_events WHERE "offset" = ${offset}`);
  return rows.length > 0;
}

/** Takes events up to an offset off the record: they are folded, skipped, or to be tried again. */
export async function unpark(session: Session, upTo: number): Promise<number> {
  const [rows = []] = await session.execute(
    `DELETE FROM annal_ops.parked_events WHERE "offset" <= ${upTo} RETURNING "offset"`,
  );
  return rows.length;
}
