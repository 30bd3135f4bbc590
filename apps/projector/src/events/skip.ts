import { userInfo } from 'node:os';
import { type Actor, isUnknownVersion, Skips } from '@annal/domain';
import { parkedEvents } from '@annal/platform';
import { type Archive, eventAt, Refusal } from './archive.js';

/** What an operator says about an event. */
export interface SkipRequest {
  readonly offset: number;
  readonly reason: string;
  /** Whether it need not stand in the fold's way yet. */
  readonly force: boolean;
}

/** The fold must not pass the event while it is decided about; so long is waited for its turn. */
const LOCK = `BEGIN; SET LOCAL lock_timeout = '10s'; SELECT "offset" FROM folded_position WHERE partition = 0 FOR UPDATE`;

/**
 * Records that an event is passed over, for ever and by every rebuild.
 * @returns what is to be said of it
 * @throws Refusal
 */
export async function skipEvent(archive: Archive, request: SkipRequest): Promise<string> {
  const { session } = archive;
  const [, , [row] = []] = await session.execute(LOCK);
  try {
    return await skipLocked(archive, request, row!.offset as number);
  } finally {
    // what was decided stays, whatever becomes of the lock
    await session.execute('ROLLBACK').catch(() => session.reset());
  }
}

async function skipLocked(
  { log, control, session, turn }: Archive,
  { offset, reason, force }: SkipRequest,
  folded: number,
): Promise<string> {
  const event = await eventAt(log, offset);
  if (new Skips(await control.skips()).has(event)) return `The event at offset ${offset} is skipped already.\n`;
  // one that says nothing was passed over, whatever became of the record of that
  if (offset <= folded && event.unreadable === undefined) {
    throw new Refusal(
      `The event at offset ${offset} is folded already. Passing over it now would make every rebuild differ from what there is`,
    );
  }
  if (isUnknownVersion(event.type)) {
    throw new Refusal(
      `The event at offset ${offset} is of type ${event.type}, which a newer release can fold. Start that one: what it knows is never skipped`,
    );
  }
  const parked = (await parkedEvents(session)).some((one) => one.offset === offset);
  if (!parked && !force) {
    throw new Refusal(
      `The event at offset ${offset} does not stand in the fold's way. If it is meant all the same: --force`,
    );
  }
  // who folds knows what was ruled out before it began, or stood still
  if (!parked && offset > folded && !(await turn.take())) {
    throw new Refusal(
      `The event log is being folded, and would be past offset ${offset} before it knows. End the servers and projectors first`,
    );
  }
  await control.skip({ offset, eventId: event.id, reason, actor: operator(), time: new Date().toISOString() });
  return `The event at offset ${offset} is skipped, for ever: ${reason}\n`;
}

/** Whoever runs this program, as the operating system knows them. */
function operator(): Actor {
  let user: string;
  try {
    user = userInfo().username;
  } catch {
    // in a container the number may have no name
    user = `uid ${process.getuid?.() ?? 'unknown'}`;
  }
  return { protocol: 'system', user };
}
