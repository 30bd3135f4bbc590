import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HOLDER_LOCKS } from '@annal/projections';
import type pg from 'pg';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';

const AGAIN_MS = 500;

/**
 * A lock in the database that lasts as long as this process, or its connection, does: by it others see that the process
 * has not ended. Taken when it is first needed, and again after a broken connection.
 */
export class ProcessLock {
  private readonly id = randomInt(1, 0x7fffffff);
  private readonly session: Session;
  private held: pg.Client | undefined;
  private closed = false;

  constructor(config: DatabaseConfig) {
    this.session = new Session(config, 'process lock');
  }

  /** The lock's number; the lock is held when it resolves. */
  async hold(): Promise<number> {
    const client = await this.session.connect();
    if (client !== this.held) {
      // shared: a connection that broke may have it for a while yet
      await client.query('SELECT pg_advisory_lock_shared($1, $2)', [HOLDER_LOCKS, this.id]);
      if (this.held !== client) client.once('end', () => void this.regain());
      this.held = client;
    }
    return this.id;
  }

  /** Lets go of the lock. */
  async close(): Promise<void> {
    this.closed = true;
    await this.session.reset();
  }

  private async regain(): Promise<void> {
    while (!this.closed) {
      try {
        await this.hold();
        return;
      } catch {
        await delay(AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}
