import { FOLDED_CHANNEL } from '@annal/projections';
import type pg from 'pg';
import type { DatabaseConfig } from '../../postgres/connection.js';
import { Session } from '../../postgres/session.js';

/** `waiting`: not folded in time. `plain`: folded, and everything was plain success. `folded`: outcomes are to be looked up. */
export type Folded = 'waiting' | 'folded' | 'plain';

interface Waiter {
  readonly first: number;
  readonly last: number;
  readonly resolve: (folded: Folded) => void;
}

/** A notification may be missed: so often the position is looked up all the same while somebody waits, ms. */
const LOOK_MS = 1000;
/** A connection that answers nothing for so long is given up, ms. */
const SILENCE_MS = 5000;

/** Waits until events are folded, by whichever process folds them. */
export class FoldWaiter {
  private readonly session: Session;
  private readonly waiting = new Set<Waiter>();
  private listening: pg.Client | undefined;
  private looking: NodeJS.Timeout | undefined;
  private folded = -1;

  constructor(config: DatabaseConfig) {
    this.session = new Session(config, 'fold waiter');
  }

  /** Resolves once the events from `first` to `last` are folded, or after the time (ms). */
  wait(first: number, last: number, time: number): Promise<Folded> {
    if (this.folded >= last) return Promise.resolve('folded');
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.resolve('waiting'), time);
      const waiter: Waiter = {
        first,
        last,
        resolve: (folded) => {
          clearTimeout(timer);
          this.waiting.delete(waiter);
          resolve(folded);
        },
      };
      this.waiting.add(waiter);
      // who listens already is told
      this.looking ??= setTimeout(() => void this.look(), this.listening ? LOOK_MS : 0);
    });
  }

  /** Gives up waiting and closes the connection. */
  async close(): Promise<void> {
    clearTimeout(this.looking);
    for (const waiter of [...this.waiting]) waiter.resolve('waiting');
    await this.session.reset();
  }

  private async look(): Promise<void> {
    try {
      const client = await this.session.connect();
      if (client !== this.listening) await this.listen(client);
      const text = 'SELECT "offset" FROM folded_position WHERE partition = 0';
      const [row] = await this.session.rows<{ offset: number }>({ text }, SILENCE_MS);
      this.reached(row?.offset ?? -1);
    } catch {
      await this.session.reset();
    }
    this.looking = this.waiting.size > 0 ? setTimeout(() => void this.look(), LOOK_MS) : undefined;
  }

  private async listen(client: pg.Client): Promise<void> {
    client.on('notification', ({ payload = '' }) => this.announced(payload));
    client.once('end', () => (this.listening = undefined));
    await client.query(`LISTEN ${FOLDED_CHANNEL}`);
    this.listening = client;
  }

  private announced(payload: string): void {
    const [first = NaN, last = NaN, outcomes = NaN] = payload.split(' ').map(Number);
    if (outcomes === 0) {
      for (const waiter of [...this.waiting]) {
        if (waiter.first >= first && waiter.last <= last) waiter.resolve('plain');
      }
    }
    if (last >= 0) this.reached(last);
  }

  private reached(offset: number): void {
    this.folded = offset;
    for (const waiter of [...this.waiting]) if (waiter.last <= offset) waiter.resolve('folded');
  }
}
