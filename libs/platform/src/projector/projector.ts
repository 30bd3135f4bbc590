import { setTimeout as delay } from 'node:timers/promises';
import { type ControlLog, type EventLog, UnknownEventVersion } from '@annal/domain';
import type { OpenSealed } from '@annal/projections';
import type { DatabaseConfig } from '../postgres/connection.js';
import { ASKED_BY_KEY } from '../postgres/asked-by-key.js';
import { Session } from '../postgres/session.js';
import { describeError } from '../telemetry/describe-error.js';
import { LastingError } from '../telemetry/lasting-error.js';
import type { Logger } from '../telemetry/logger.js';
import { foldedPosition } from './folded-position.js';
import { Lease, type Turn } from './lease.js';
import { LogFolder } from './log-folder.js';
import { unpark } from './parking.js';

/** What a projector is doing: `parked` in front of an event that cannot be folded. */
export type ProjectorState = 'standby' | 'folding' | 'parked' | 'stopped';

/** What else a projector needs, or does. */
export interface ProjectorOptions {
  /** Told whenever this projector begins or ceases to be the one whose fold goes on. */
  readonly active?: (active: boolean) => Promise<void>;
  /** Whose turn it is to fold; by default there is a lease in the database. */
  readonly turn?: Turn;
  /** Opens what is sealed; without it, only what is in clear can be folded. */
  readonly open?: OpenSealed;
}

const RENEW_MS = 1500;
const LOOK_MS = 500;
/** After a failure another projector, which may be a newer one, has this time to take the lease. */
const RETRY_MS = 2000;
/** What was appended last may be folded in this time by a projector that leaves. */
const LEAVING_MS = 3000;
/** Without an error for so long, it went well. */
const WELL_MS = 60_000;
/** A process that was stopped in the midst of a transaction keeps others from folding for so long, no longer. */
const SETTINGS = { ...ASKED_BY_KEY, idle_in_transaction_session_timeout: '5s' };

/**
 * Folds a log into the read models, from wherever these are. Any number of projectors may run: one holds the lease and
 * folds, the others stand by; what makes every event count once is the position in the fold's own transaction.
 */
export class Projector {
  private readonly session: Session;
  private readonly leaseSession: Session;
  private readonly turn: Turn;
  private readonly folder: LogFolder;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private current: ProjectorState = 'standby';
  private readonly failure = new LastingError();
  private failedAt = -Infinity;
  private readonly active: (active: boolean) => Promise<void>;

  constructor(
    database: DatabaseConfig,
    private readonly log: EventLog,
    control: ControlLog,
    private readonly logger: Logger,
    options: ProjectorOptions = {},
  ) {
    this.session = new Session(database, 'projector', { settings: SETTINGS });
    this.leaseSession = new Session(database, 'projector lease');
    this.turn = options.turn ?? new Lease(this.leaseSession, 'projector');
    this.active = options.active ?? (() => Promise.resolve());
    const watch = {
      parked: (offset: number, error: string) => this.parked(offset, error),
      resumed: () => void this.become('folding'),
    };
    this.folder = new LogFolder(this.session, control, watch, options.open);
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
    await this.turn.release().catch(() => undefined);
    await Promise.all([this.session.reset(), this.leaseSession.reset()]);
    this.current = 'stopped';
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        if (await this.turn.take()) await this.lead();
        await this.pause(LOOK_MS);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.complain(error);
        await this.turn.release().catch(() => undefined);
        await Promise.all([this.session.reset(), this.leaseSession.reset()]);
        if (error instanceof UnknownEventVersion) this.current = 'parked';
        await this.pause(RETRY_MS);
      }
      this.current = 'standby';
    }
  }

  /** Folds until the lease is lost, the projector is stopped, or something fails. */
  private async lead(): Promise<void> {
    const at = await foldedPosition(this.session, this.log);
    await unpark(this.session, at.offset);
    await this.folder.readSkips();
    const over = new AbortController();
    const left = new AbortController();
    this.logger.info(`Folding the event log from offset ${at.offset + 1} on`);
    void this.become('folding');
    const subscription = this.log.subscribe(at, (events) => this.folder.fold(events, left.signal));
    try {
      await Promise.race([this.keepLease(over.signal), subscription.ended]);
    } finally {
      over.abort();
      const wasParked = this.current === 'parked';
      const passive = this.become('standby');
      // whoever appends something last waits until it is folded, which happens here
      if (!wasParked) await Promise.race([passive, subscription.ended.catch(() => undefined), passed(LEAVING_MS)]);
      left.abort();
      await subscription.stop().catch(() => undefined);
    }
  }

  private async keepLease(over: AbortSignal): Promise<void> {
    do {
      await this.pause(RENEW_MS);
      if (over.aborted || this.stopping.signal.aborted) return;
    } while (await this.turn.take());
  }

  private parked(offset: number, error: string): void {
    void this.become('parked');
    this.logger.error(
      `The event at offset ${offset} cannot be folded, and nothing behind it is: ${error}. See: annal events show ${offset}`,
    );
  }

  private async become(state: ProjectorState): Promise<void> {
    const [was, is] = [this.current, state].map((one) => one === 'folding');
    this.current = state;
    if (was === is) return;
    await this.active(is!).catch((error: unknown) => this.complain(error));
  }

  private complain(error: unknown): void {
    const now = performance.now();
    if (now - this.failedAt > WELL_MS) this.failure.over();
    this.failedAt = now;
    if (this.failure.isDue(error)) this.logger.error(`The event log is not being folded: ${describeError(error)}`);
  }

  private async pause(time: number): Promise<void> {
    await delay(time, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

function passed(time: number): Promise<void> {
  return delay(time, undefined, { ref: false });
}
