import { type EventLog, Skips } from '@annal/domain';
import { rebuild, REBUILD_SCHEMA, type RebuildOptions, type RebuildReport, REPLACED_SCHEMA } from '@annal/projections';
import type { AnnalConfiguration } from '../config/index.js';
import { openControlLog } from '../log/open-event-log.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';

/** Drops what a rebuild left that was killed, which shows patients' data of then; unless one is under way. */
export async function dropLeftovers(database: DatabaseConfig): Promise<void> {
  const session = new Session(database, 'leftovers', { once: true });
  try {
    const [[row] = []] = await session.execute(`SELECT pg_try_advisory_lock(${REBUILDING}) AS free`);
    if (row!.free !== true) return;
    for (const schema of [REBUILD_SCHEMA, REPLACED_SCHEMA]) {
      await session.execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    }
  } finally {
    await session.reset();
  }
}

/** Held while read models are rebuilt: two at once would take each other's tables away. */
const REBUILDING = 0x72656275;

/**
 * Rebuilds the read models beside whoever uses them, but for the events that operators ruled out; one rebuild at a time.
 * @param wanted is asked once nobody else rebuilds: whether there is still something to do
 * @returns undefined where there was not
 * @throws RebuildMismatch when the log tells another history than the changes feed; nothing has changed then
 */
export async function rebuildReadModels(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  log: EventLog,
  options: Pick<RebuildOptions, 'progress' | 'open'>,
  wanted: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<RebuildReport | undefined> {
  const session = new Session(database, 'rebuild', { schema: REBUILD_SCHEMA, once: true });
  const control = openControlLog(configuration, database);
  try {
    await session.execute(`SELECT pg_advisory_lock(${REBUILDING})`);
    if (!(await wanted())) return undefined;
    return await rebuild(log, session.execute, { ...options, skipped: new Skips(await control.skips()) });
  } finally {
    await session.reset();
    await control.close();
  }
}
