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
  /** Since when. */
  readonly at: Date;
}

const COLUMNS = `"offset", event_id AS "eventId", type, error, at`;
/** What is folded stands in nobody's way, though its row may outlive a projector that was killed. */
const IN_THE_WAY = `"offset" > (SELECT f."offset" FROM folded_position f WHERE f.partition = 0)`;

/** The events that stand in the fold's way. */
export async function parkedEvents(session: Session): Promise<readonly ParkedEvent[]> {
  const [rows = []] = await session.execute(
    `SELECT ${COLUMNS} FROM annal_ops.parked_events WHERE ${IN_THE_WAY} ORDER BY "offset"`,
  );
  return rows as unknown as ParkedEvent[];
}

/** Puts an event on record as not to be folded. */
export async function park(session: Session, event: RecordedEvent, error: string): Promise<void> {
  const [id, type, reason] = [event.id, event.type, error].map((text) => sqlText(storable(String(text))));
  await session.execute(
    `INSERT INTO annal_ops.parked_events ("offset", event_id, type, error)
     VALUES (${event.position.offset}, ${id}, ${type}, ${reason})
     ON CONFLICT ("offset") DO UPDATE SET event_id = excluded.event_id, type = excluded.type, error = excluded.error`,
  );
}

/** Whether an event still stands in the way: an operator may have asked for another attempt. */
export async function isParked(session: Session, offset: number): Promise<boolean> {
  const [rows = []] = await session.execute(`SELECT 1 FROM annal_ops.parked_events WHERE "offset" = ${offset}`);
  return rows.length > 0;
}

/** Takes all events off the record, to be tried again; resolves with how many stood in the way. */
export async function retryParked(session: Session): Promise<number> {
  const [rows = []] = await session.execute(
    `DELETE FROM annal_ops.parked_events RETURNING ${IN_THE_WAY} AS "inTheWay"`,
  );
  return rows.filter(({ inTheWay }) => inTheWay === true).length;
}

/** Takes events up to an offset off the record: they are folded or skipped. */
export async function unpark(session: Session, upTo: number): Promise<void> {
  await session.execute(`DELETE FROM annal_ops.parked_events WHERE "offset" <= ${upTo}`);
}

/** A text that a table can hold and a terminal shows as it is, whatever somebody wrote into a record. */
function storable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD').toWellFormed();
}
