import type { EventLog } from '@annal/domain';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { EVENT_LOG } from '../../tokens.js';

interface Waiter {
  readonly offset: number;
  readonly wake: () => void;
}

/** How often the log is looked at while somebody waits, ms. */
const INTERVAL = 250;

/** Tells requests that wait for new events when there are some. One look at the log serves all who wait. */
@Injectable()
export class EventArrivals implements BeforeApplicationShutdown {
  private readonly waiting = new Set<Waiter>();
  private looking: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** Whether the server is about to stop: nothing is worth waiting for. */
  get stopping(): boolean {
    return this.closed;
  }

  /** Resolves when the log goes beyond an offset, when the time (ms) is over, or when the signal says so. */
  async wait(offset: number, time: number, signal: AbortSignal): Promise<void> {
    if (this.closed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => waiter.wake(), time);
      const waiter: Waiter = {
        offset,
        wake: () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', waiter.wake);
          this.waiting.delete(waiter);
          resolve();
        },
      };
      signal.addEventListener('abort', waiter.wake);
      this.waiting.add(waiter);
      this.looking ??= setTimeout(() => void this.look(), 0);
    });
  }

  beforeApplicationShutdown(): void {
    this.closed = true;
    for (const waiter of [...this.waiting]) waiter.wake();
  }

  private async look(): Promise<void> {
    // a log that cannot be reached has nothing new; who waits finds out what is wrong when reading
    const end = await this.log.end().catch(() => undefined);
    for (const waiter of [...this.waiting]) if (end && end.offset > waiter.offset) waiter.wake();
    this.looking = this.waiting.size > 0 ? setTimeout(() => void this.look(), INTERVAL) : undefined;
  }
}
