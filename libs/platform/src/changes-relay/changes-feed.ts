import { setTimeout as delay } from 'node:timers/promises';
import { FOLDED_CHANNEL } from '@annal/projections';
import type pg from 'pg';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';
import type { FeedRow } from './change-record.js';

const COLUMNS = 'seq, position, type, level, resource_id, date';

/** The changes feed, the table that the fold only ever appends to, as a relay reads it. */
export class ChangesFeed {
  private readonly session: Session;
  private listening: pg.Client | undefined;
  private announced = new AbortController();

  constructor(database: DatabaseConfig) {
    this.session = new Session(database, 'changes relay');
  }

  /** The rows behind a Seq, in order. All of them that are committed: Seq is given out under the fold's lock. */
  async after(seq: number, limit: number): Promise<readonly FeedRow[]> {
    return this.rows(`WHERE seq > $1 ORDER BY seq LIMIT $2`, [seq, limit]);
  }

  /** The row of a Seq; undefined where the feed is not that far. */
  async at(seq: number): Promise<FeedRow | undefined> {
    return (await this.rows('WHERE seq = $1', [seq]))[0];
  }

  /** The last Seq; 0: none. */
  async last(): Promise<number> {
    return (await this.rows('ORDER BY seq DESC LIMIT $1', [1]))[0]?.seq ?? 0;
  }

  /**
   * Waits until something was folded since the last call; notifications get lost, so no longer than a time, ms.
   * @param stop ends the waiting
   */
  async news(time: number, stop: AbortSignal): Promise<void> {
    const client = await this.session.connect();
    if (client !== this.listening) {
      client.on('notification', () => this.announced.abort());
      await client.query(`LISTEN ${FOLDED_CHANNEL}`);
      this.listening = client;
      // what was folded before is looked at now
      return;
    }
    await delay(time, undefined, { signal: AbortSignal.any([this.announced.signal, stop]) }).catch(() => undefined);
    this.announced = new AbortController();
  }

  /** Drops the connection; the next question opens another. */
  async reset(): Promise<void> {
    this.listening = undefined;
    await this.session.reset();
  }

  private async rows(condition: string, values: readonly number[]): Promise<readonly FeedRow[]> {
    const text = `SELECT ${COLUMNS} FROM annal_log.change_feed ${condition}`;
    return this.session.rows<FeedRow>({ name: `changes feed ${condition}`, text, values: [...values] });
  }
}
