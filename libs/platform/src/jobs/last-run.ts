import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';
import { JOBS_SESSION } from './job-leases.js';

const LINGERS_MS = 3000;
const LOOK_MS = 100;

/**
 * Until when all jobs are of the last run: now, where no process of this archive runs jobs; undefined where another server
 * does, whose run has not ended.
 * @param lingers how long sessions of processes that have ended may take to be gone, ms
 */
export async function endOfLastRun(database: DatabaseConfig, lingers = LINGERS_MS): Promise<Date | undefined> {
  const session = new Session(database, 'last run');
  const end = performance.now() + lingers;
  try {
    for (;;) {
      const now = new Date();
      const [rows = []] = await session.execute(
        `SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'annal ${JOBS_SESSION} %-%' LIMIT 1`,
      );
      if (rows.length === 0) return now;
      if (performance.now() >= end) return undefined;
      await delay(LOOK_MS);
    }
  } finally {
    await session.reset();
  }
}
