import { setTimeout as delay } from 'node:timers/promises';
import type { ControlLog, EventLog, Position, RecordedEvent } from '@annal/domain';
import { PositionMismatch, UnfoldableEvent } from '@annal/projections';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';
import type { Logger } from '../telemetry/logger.js';
import { BatchFolder } from './batch-folder.js';
import { Lease } from './lease.js';
import { isParked, park, unpark } from './parking.js';
import { isRepeatable } from './repeatable.js';

/** What a projector is doing: `parked` in front of an event that cannot be folded. */
export type ProjectorState = 'standby' | 'folding' | 'parked' | 'stopped';

/** The log does not go on where the read models end: nothing is folded until somebody puts that right. */
export class LogMismatch extends Error {
  override readonly name = 'LogMismatch';
}

const RENEW_MS = 1500;
const LOOK_MS = 500;
/** Events of one transaction. */
const BATCH = 500;

/**
 * Folds a log into the read models, from wherever these are. Any number of projectors may run: one holds the lease and
 * folds, the others stand by; what makes every event count once is the position in the fold's own transaction.
 */
export class Projector {
  private readonly session: Session;
  private readonly leaseSession: Session;
  private readonly lease: Lease;
  private readonly folder: BatchFolder;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private current: ProjectorState = 'standby';

  /** @param leading told whenever this projector begins or ceases to be the one that folds */
  constructor(
    database: DatabaseConfig,
    private readonly log: EventLog,
    private readonly control: ControlLog,
    private readonly logger: Logger,
    private readonly leading: (leads: boolean) => Promise<void> = () => Promise.resolve(),
  ) {
    this.session = new Session(database, 'projector');
    this.folder = new BatchFolder(this.session);
    this.leaseSession = new Session(database, 'projector lease');
    this.lease = new Lease(this.leaseSession, 'projector');
  }

  get state(): ProjectorState {
    return this.current;
  }

  /** Begins to fold, or to stand by. */
  start(): void {
    this.running ??= this.run();
  }

  /** Finishes the batch under way and leaves the place to another. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.lease.release().catch(() => undefined);
    await Promise.all([this.session.reset(), this.leaseSession.reset()]);
    this.current = 'stopped';
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        if (await this.lease.take()) await this.lead();
      } catch (error) {
        if (!this.stopping.signal.aborted) this.logger.error({ err: error }, 'The event log is not being folded');
        await Promise.all([this.session.reset(), this.leaseSession.reset()]);
      }
      this.current = 'standby';
      await this.pause(LOOK_MS);
    }
  }

  /** Folds until the lease is lost, the projector is stopped, or something fails. */
  private async lead(): Promise<void> {
    const at = await this.position();
    const skipped = await this.skipped();
    const over = new AbortController();
    const left = new AbortController();
    await this.leading(true);
    this.current = 'folding';
    this.logger.info(`Folding the event log from offset ${at.offset + 1} on`);
    const subscription = this.log.subscribe(at, (events) => this.foldAll(events, skipped, left.signal));
    try {
      await Promise.race([this.keepLease(over.signal), subscription.ended]);
    } finally {
      over.abort();
      const paused = this.leading(false);
      paused.catch((error: unknown) => this.logger.error({ err: error }));
      // whoever appends something last waits until it is folded, which happens here
      if (this.stopping.signal.aborted) await paused;
      left.abort();
      await subscription.stop().catch(() => undefined);
    }
  }

  private async keepLease(over: AbortSignal): Promise<void> {
    while (!over.aborted && !this.stopping.signal.aborted) {
      await this.pause(RENEW_MS);
      if (over.aborted || !(await this.lease.take())) return;
    }
  }

  /** Where the read models are. @throws LogMismatch */
  private async position(): Promise<Position> {
    const [[row] = []] = await this.session.execute('SELECT "offset", log_id FROM folded_position WHERE partition = 0');
    const { offset, log_id: made } = row as { offset: number; log_id: string | null };
    if (made !== null && made !== this.log.logId) {
      throw new LogMismatch(`The read models were made from the event log ${made}, not ${this.log.logId}`);
    }
    const end = await this.log.end();
    if (end.offset < offset) {
      throw new LogMismatch(`The event log ends at ${end.offset}, but the read models are folded up to ${offset}`);
    }
    return { partition: 0, offset };
  }

  private async skipped(): Promise<Set<number>> {
    return new Set((await this.control.skips()).map(({ offset }) => offset));
  }

  private async foldAll(events: readonly RecordedEvent[], skipped: Set<number>, left: AbortSignal): Promise<void> {
    for (let at = 0; at < events.length && !left.aborted; at += BATCH) {
      await this.fold(events.slice(at, at + BATCH), skipped);
    }
  }

  /** Folds a batch; one that cannot be folded is halved until only the event to blame stands in the way. */
  private async fold(events: readonly RecordedEvent[], skipped: Set<number>): Promise<void> {
    try {
      await this.folder.fold(events, skipped);
    } catch (error) {
      if (error instanceof PositionMismatch || !isRepeatable(error)) throw error;
      if (events.length === 1) return this.park(events[0]!, error, skipped);
      const middle = events.length >> 1;
      await this.fold(events.slice(0, middle), skipped);
      await this.fold(events.slice(middle), skipped);
    }
  }

  /** Waits in front of an event until an operator rules it out or asks for another attempt. */
  private async park(event: RecordedEvent, error: unknown, skipped: Set<number>): Promise<void> {
    const { offset } = event.position;
    await park(this.session, event, reasonOf(error));
    this.current = 'parked';
    this.logger.error(
      { err: error },
      `The event at offset ${offset} cannot be folded, and nothing behind it is. See: annal events show ${offset}`,
    );
    for (;;) {
      await this.pause(LOOK_MS);
      this.stopping.signal.throwIfAborted();
      const ruledOut = (await this.skipped()).has(offset);
      if (!ruledOut && (await isParked(this.session, offset))) continue;
      this.current = 'folding';
      if (ruledOut) skipped.add(offset);
      await this.fold([event], skipped);
      await unpark(this.session, offset);
      return;
    }
  }

  private async pause(time: number): Promise<void> {
    await delay(time, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

/** What an operator may read of an error: PostgreSQL's own words may quote values of tags. */
function reasonOf(error: unknown): string {
  if (error instanceof UnfoldableEvent) return error.message;
  const { name, code } = error as { name?: string; code?: string };
  return `${name ?? 'Error'}${code === undefined ? '' : ` ${code}`}`;
}
