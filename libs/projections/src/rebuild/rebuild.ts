import { BEGINNING, type EventLog, type Position, type Skips } from '@annal/domain';
import type { Execute } from '../fold/execute.js';
import type { OpenSealed } from '../fold/opened-instance.js';
import { project, projectWithin } from '../fold/projector.js';
import { explainStop, RebuildStopped } from './explain-stop.js';
import { COMMIT_DURABLY, COMMIT_LAZILY } from './lazy-commits.js';
import { BATCH, ReadAhead } from './read-ahead.js';
import {
  createUnindexed,
  indexesForQueries,
  LIVE_SCHEMA,
  REBUILD_SCHEMA,
  shadowSideEffects,
} from '../schema/read-model.js';

/** The rebuilt read models tell another history than the changes feed did; nothing was swapped. */
export class RebuildMismatch extends Error {
  override readonly name = 'RebuildMismatch';
}

export interface RebuildReport {
  readonly events: number;
  readonly position: Position;
  /** Instances of which nothing but the identifier is known: neither their key is there nor their file. */
  readonly blank: number;
  /** Metadata that users defined of which the value is lost with its key. */
  readonly lostMetadata: number;
}

export interface RebuildOptions {
  /** The events that an operator ruled out. */
  readonly skipped?: Skips;
  /** Opens what is sealed; without it, only what is in clear can be folded. */
  readonly open?: OpenSealed;
  /** Told how far it is. */
  readonly progress?: (position: Position) => void;
}

/** Where the live read models go when they are replaced, until they are dropped. */
export const REPLACED_SCHEMA = 'annal_index_replaced';
const DROP_ATTEMPTS = 5;
const FEW_LOST = 20;
/** PostgreSQL's code of a detected deadlock. */
const DEADLOCK = '40P01';

/**
 * Folds the whole log into read models beside the live ones, compares their changes feed with the true one, and swaps
 * by renaming. Writers wait only while the last events are folded and the names change.
 * @param execute a session whose search path begins with the rebuild schema, and nobody else uses
 * @throws RebuildMismatch, RebuildStopped
 */
export async function rebuild(log: EventLog, execute: Execute, options: RebuildOptions = {}): Promise<RebuildReport> {
  const { skipped, open } = options;
  await execute(COMMIT_LAZILY);
  await execute(`DROP SCHEMA IF EXISTS ${REPLACED_SCHEMA} CASCADE`);
  await execute(`BEGIN; DROP SCHEMA IF EXISTS ${REBUILD_SCHEMA} CASCADE; ${createUnindexed(REBUILD_SCHEMA)};
    ${shadowSideEffects(REBUILD_SCHEMA)} COMMIT`);
  let at = await catchUp(log, execute, BEGINNING, options);
  for (const index of indexesForQueries(REBUILD_SCHEMA)) await execute(index);
  // what came meanwhile
  at = await catchUp(log, execute, at, options);
  const lost = await countLost(execute);
  const compared = await compareFeeds(execute, 0, 'so far');
  // from here on nobody appends or folds: both logs' writers begin with one of these locks
  await execute(`BEGIN; ${COMMIT_DURABLY}; SELECT 1 FROM annal_log.position FOR UPDATE`);
  try {
    const replaces = await liveExists(execute);
    if (replaces) await execute(`SELECT 1 FROM ${LIVE_SCHEMA}.folded_position FOR UPDATE`);
    const target = await liveOffset(execute);
    while (at.offset < target) {
      const events = (await log.read(at, BATCH)).filter(({ position }) => position.offset <= target);
      if (events.length === 0) break;
      await projectWithin(events, execute, { skipped, open });
      at = events.at(-1)!.position;
    }
    if (at.offset < target && target < Infinity) {
      throw new RebuildStopped(
        `The event log gave nothing behind ${at.offset}, but is folded up to ${target}. Nothing was changed: try again`,
      );
    }
    await compareFeeds(execute, compared, 'whole');
    // a fold that waits for this row must not go on with it: from here on its other tables are those that take its place
    if (replaces) await execute(`UPDATE ${LIVE_SCHEMA}.folded_position SET version = -1`);
    // names alone: no lock on a table that a query may hold
    await execute(`DROP TABLE ${REBUILD_SCHEMA}.change_feed, ${REBUILD_SCHEMA}.blob_garbage, ${REBUILD_SCHEMA}.removed_studies,
        ${REBUILD_SCHEMA}.outcomes;
      ${replaces ? `ALTER SCHEMA ${LIVE_SCHEMA} RENAME TO ${REPLACED_SCHEMA};` : ''}
      ALTER SCHEMA ${REBUILD_SCHEMA} RENAME TO ${LIVE_SCHEMA}; COMMIT`);
  } catch (error) {
    await execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await dropReplaced(execute);
  return { events: at.offset + 1, position: at, ...lost };
}

/** Folds what is beyond a position, as far as the live read models go. @returns the position of the last event */
async function catchUp(
  log: EventLog,
  execute: Execute,
  after: Position,
  { skipped, open, progress }: RebuildOptions,
): Promise<Position> {
  let at = after;
  let target = await liveOffset(execute);
  const ahead = new ReadAhead(log, at, open);
  for (let full = true; full;) {
    const events = (await ahead.next()).filter(({ position }) => position.offset <= target);
    full = events.length === BATCH;
    if (events.length === 0) break;
    at = events.at(-1)!.position;
    await project(events, execute, { skipped, open: ahead.open }).catch(async (error: unknown) => {
      throw await explainStop(error, events, { skipped, open: ahead.open });
    });
    progress?.(at);
    target = await liveOffset(execute);
  }
  return at;
}

/**
 * Counts the instances of which neither key nor file is there, and the metadata whose keys are gone. A few files get lost; if none at all is found, it is the
 * wrong place.
 * @throws RebuildStopped
 */
async function countLost(execute: Execute): Promise<Pick<RebuildReport, 'blank' | 'lostMetadata'>> {
  const [[row] = []] = await execute(
    `SELECT count(*) FILTER (WHERE blank) AS blank, count(*) FILTER (WHERE NOT blank AND key_id IS NULL) AS read
      FROM ${REBUILD_SCHEMA}.instances`,
  );
  const [blank, read] = [row!.blank as number, row!.read as number];
  if (blank > FEW_LOST && read === 0) {
    throw new RebuildStopped(
      `Of ${blank} instances neither the key is in the vault nor the file in the storage: is that the right one, and ` +
        'there? Nothing was changed',
    );
  }
  const noted = ['patients', 'studies', 'series', 'instances'].map(
    (table) => `SELECT user_metadata FROM ${REBUILD_SCHEMA}.${table} WHERE user_metadata IS NOT NULL`,
  );
  const [[metadata] = []] = await execute(
    `SELECT count(*) AS lost FROM (${noted.join(' UNION ALL ')}) noted, jsonb_path_query(user_metadata, '$.*.lost')`,
  );
  return { blank, lostMetadata: metadata!.lost as number };
}

/** Removes what was replaced; queries under way may still read it, and hold its tables in any order. */
async function dropReplaced(execute: Execute): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await execute(`DROP SCHEMA IF EXISTS ${REPLACED_SCHEMA} CASCADE`);
      return;
    } catch (error) {
      // the next rebuild removes it
      if (attempt === DROP_ATTEMPTS || (error as { code?: string }).code !== DEADLOCK) return;
    }
  }
}

/**
 * Compares both feeds beyond a Seq.
 * @param extent `so far`: only as far as the rebuilt one goes, while the other one grows
 * @returns the last Seq that is proven equal
 */
async function compareFeeds(execute: Execute, after: number, extent: 'so far' | 'whole'): Promise<number> {
  const [[end] = []] = await execute(`SELECT coalesce(max(seq), ${after}) AS seq FROM ${REBUILD_SCHEMA}.change_feed`);
  const upTo = end!.seq as number;
  const range = `WHERE seq > ${after}${extent === 'so far' ? ` AND seq <= ${upTo}` : ''}`;
  const columns = 'seq, position, type, level, resource_id';
  const [[difference] = []] = await execute(`
    SELECT coalesce(a.seq, b.seq) AS seq FROM (SELECT ${columns} FROM ${REBUILD_SCHEMA}.change_feed ${range}) a
      FULL JOIN (SELECT ${columns} FROM annal_log.change_feed ${range}) b ON a.seq = b.seq
      WHERE (a.type, a.level, a.resource_id) IS DISTINCT FROM (b.type, b.level, b.resource_id) ORDER BY 1 LIMIT 1`);
  if (difference) {
    throw new RebuildMismatch(`The rebuilt changes differ from the changes feed at Seq ${String(difference.seq)}`);
  }
  return upTo;
}

/** How far the live read models are folded: the changes feed goes as far, and so may the rebuild; without them, all the way. */
async function liveOffset(execute: Execute): Promise<number> {
  if (!(await liveExists(execute))) return Infinity;
  const [[row] = []] = await execute(`SELECT "offset" FROM ${LIVE_SCHEMA}.folded_position`);
  return row!.offset as number;
}

async function liveExists(execute: Execute): Promise<boolean> {
  const [[row] = []] = await execute(`SELECT to_regnamespace('${LIVE_SCHEMA}') IS NOT NULL AS there`);
  return row!.there === true;
}
