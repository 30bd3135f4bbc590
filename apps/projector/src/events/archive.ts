import type { ControlLog, EventLog, RecordedEvent } from '@annal/domain';
import {
  type AnnalConfiguration,
  attachEventLog,
  type DatabaseConfig,
  Lease,
  openControlLog,
  Session,
  type Turn,
} from '@annal/platform';

/** What an operator's command looks at. */
export interface Archive {
  readonly log: EventLog;
  readonly control: ControlLog;
  /** A session on the live read models. */
  readonly session: Session;
  /** Whose turn it is to fold. */
  readonly turn: Turn;
}

/** The command cannot do what it was asked; the message says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Opens the log and what belongs to it as they are: nothing is created or brought up to date for a look at it. */
export async function withArchive<R>(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  use: (archive: Archive) => Promise<R>,
): Promise<R> {
  const session = new Session(database, 'operator');
  const leaseSession = new Session(database, 'operator lease');
  const turn = new Lease(leaseSession, 'projector');
  const log = attachEventLog(configuration, database, 'any');
  const control = openControlLog(configuration, database);
  try {
    const [[row] = []] = await session.execute(
      `SELECT to_regclass('folded_position') IS NOT NULL AND to_regclass('parked_events') IS NOT NULL AS there`,
    );
    if (row!.there !== true) throw new Refusal('This release has not used the database yet. Start the server first');
    return await use({ log, control, session, turn });
  } finally {
    await Promise.all([log.close(), control.close(), session.reset(), leaseSession.reset()]);
  }
}

/** The event at an offset. @throws Refusal where there is none */
export async function eventAt(log: EventLog, offset: number): Promise<RecordedEvent> {
  const [event] = await log.read({ partition: 0, offset: offset - 1 }, 1);
  if (event?.position.offset === offset) return event;
  throw new Refusal(`There is no event at offset ${offset}: the log ends at ${(await log.end()).offset}`);
}
