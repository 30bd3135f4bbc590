import { setTimeout as delay } from 'node:timers/promises';
import { type ControlLog, type RecordedEvent, Skips, UnknownEventVersion } from '@annal/domain';
import type { OpenSealed } from '@annal/projections';
import type { Session } from '../postgres/session.js';
import { describeError } from '../telemetry/describe-error.js';
import { BatchFolder } from './batch-folder.js';
import { isParked, park, unpark } from './parking.js';
import { isRepeatable } from './repeatable.js';

/** Events of one transaction. */
const BATCH = 500;
const LOOK_MS = 500;

/** Told of an event that cannot be folded. */
export interface FoldWatch {
  /** @param error without values of tags */
  parked(offset: number, error: string): void;
  /** An operator decided. */
  resumed(): void;
}

/**
 * Folds a log. An event that cannot be folded is found by halving: what is before it is folded, and nothing behind it
 * until an operator rules it out or asks for another attempt.
 */
export class LogFolder {
  private readonly folder: BatchFolder;
  private skips = new Skips();

  constructor(
    private readonly session: Session,
    private readonly control: ControlLog,
    private readonly watch: FoldWatch,
    open?: OpenSealed,
  ) {
    this.folder = new BatchFolder(session, open);
  }

  /** Reads what operators decided so far; before anything is folded. */
  async readSkips(): Promise<void> {
    this.skips = new Skips(await this.control.skips());
  }

  /**
   * Folds events that follow each other in the log.
   * @param stop ends it between two transactions
   * @throws PositionMismatch, UnknownEventVersion, or what keeps the fold from going on at this moment
   */
  async fold(events: readonly RecordedEvent[], stop: AbortSignal): Promise<void> {
    for (let at = 0; at < events.length && !stop.aborted; at += BATCH) {
      await this.foldBatch(events.slice(at, at + BATCH), stop);
    }
  }

  private async foldBatch(events: readonly RecordedEvent[], stop: AbortSignal): Promise<void> {
    if ((await this.attempt(events)) === undefined) return;
    if (events.length === 1) return this.standStill(events[0]!, stop);
    const middle = events.length >> 1;
    for (const half of [events.slice(0, middle), events.slice(middle)]) {
      stop.throwIfAborted();
      await this.foldBatch(half, stop);
    }
  }

  /** Resolves with what is wrong with the events, or undefined once they are folded. */
  private async attempt(events: readonly RecordedEvent[]): Promise<Error | undefined> {
    try {
      await this.folder.fold(events, this.skips);
      return undefined;
    } catch (error) {
      if (error instanceof UnknownEventVersion || isRepeatable(error)) return error as Error;
      throw error;
    }
  }

  private async standStill(event: RecordedEvent, stop: AbortSignal): Promise<void> {
    const { offset } = event.position;
    // once more: somebody else may have folded it, or exchanged the tables, in the midst of the first attempt
    for (let error = await this.attempt([event]); error !== undefined; error = await this.attempt([event])) {
      const reason = describeError(error);
      await park(this.session, event, reason);
      // no decision of an operator's: whoever can read it folds it
      if (error instanceof UnknownEventVersion) throw error;
      this.watch.parked(offset, reason);
      await this.decision(event, stop);
      this.watch.resumed();
    }
    await unpark(this.session, offset);
  }

  private async decision(event: RecordedEvent, stop: AbortSignal): Promise<void> {
    do {
      await delay(LOOK_MS, undefined, { signal: stop });
      await this.readSkips();
    } while (!this.skips.has(event) && (await isParked(this.session, event.position.offset)));
  }
}
