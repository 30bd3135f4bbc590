import type { Outcome, RecordedEvent, Skips } from '@annal/domain';
import { READ_MODEL_VERSION } from '../schema/tables.js';
import { decodeEvents } from './decode.js';
import type { Execute } from './execute.js';
import { fold, type FoldableEvent, loadSql } from './fold.js';
import type { OpenSealed } from './opened-instance.js';
import { newOffsets, writersSql, type WriterRow, writtenSql } from './writers.js';
import type { LoadedState, WorkingSet } from './working-set.js';

/** The next event is not the one after the folded position: the log has a gap, or was read from the wrong place. */
export class PositionMismatch extends Error {
  override readonly name = 'PositionMismatch';
}

/** The read models are those of another release, which alone can fold into them. */
export class OtherReadModels extends Error {
  override readonly name = 'OtherReadModels';
}

/** The channel on which projectors announce what they folded: see {@link announcement}. */
export const FOLDED_CHANNEL = 'annal_folded';

/** What is announced of a batch: its first and last offset, and how many of its events have an outcome to look up. */
export function announcement(first: number, last: number, outcomes: number): string {
  return `${first} ${last} ${outcomes}`;
}

/** What became of a batch. */
export interface Projected {
  /** By event id; absent: plain success, or folded before. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** What the tables hold afterwards of what the batch touched; absent where nothing was folded or something was removed. */
  readonly state?: WorkingSet;
}

/** How a batch is folded. */
export interface FoldOptions {
  /** The events that an operator ruled out. */
  readonly skipped?: Skips;
  /** Opens what is sealed; without it, only what is in clear can be folded. */
  readonly open?: OpenSealed;
  /** Whether the new position is announced on {@link FOLDED_CHANNEL} when the transaction commits. */
  readonly announce?: boolean;
}

/**
 * Folds recorded events in one transaction of their own: two round trips, three where there is much to write.
 * @throws PositionMismatch, OtherReadModels, UnfoldableEvent, UnknownEventVersion
 */
export async function project(
  events: readonly RecordedEvent[],
  execute: Execute,
  options: FoldOptions = {},
): Promise<Projected> {
  try {
    return await foldBatch(events, execute, options, 'BEGIN', 'COMMIT');
  } catch (error) {
    await execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Folds recorded events in the caller's transaction. The lock on the folded position is the whole fencing between two
 * projectors: what is folded already is skipped, a gap is refused.
 * @throws PositionMismatch, OtherReadModels, UnfoldableEvent, UnknownEventVersion
 */
export function projectWithin(
  events: readonly RecordedEvent[],
  execute: Execute,
  options: FoldOptions = {},
): Promise<Projected> {
  return foldBatch(events, execute, options, 'SELECT 1', 'SELECT 1');
}

async function foldBatch(
  events: readonly RecordedEvent[],
  execute: Execute,
  { skipped, announce, open }: FoldOptions,
  begin: string,
  end: string,
): Promise<Projected> {
  const { decoded: all, failures } = await decodeAll(
    events.filter((event) => !skipped?.has(event)),
    open,
  );
  const [, [row] = [], writers = [], [loaded] = []] = await execute(
    `${begin}; SELECT "offset", version FROM folded_position WHERE partition = 0 FOR UPDATE; ${writersSql(events)}; ${loadSql(all)}`,
  );
  if (row?.version !== READ_MODEL_VERSION) {
    throw new OtherReadModels(`The read models are of version ${String(row?.version)}, not ${READ_MODEL_VERSION}`);
  }
  const folded = Number(row.offset);
  const next = events.filter(({ position }) => position.offset > folded);
  const [first, last] = [next[0]?.position.offset, next.at(-1)?.position.offset];
  if (first === undefined || last === undefined) {
    await execute(end);
    return { outcomes: new Map() };
  }
  if (first !== folded + 1) {
    throw new PositionMismatch(`Folded up to ${folded}, but the next event has offset ${first}`);
  }
  const wanted = newOffsets(next, writers as unknown as readonly WriterRow[]);
  for (const [offset, failure] of failures) if (wanted.has(offset)) throw failure;
  const fresh = all.filter(({ event }) => wanted.has(event.position.offset));
  const statements: string[] = [];
  let projected: Projected = { outcomes: new Map() };
  if (fresh.length > 0) {
    const state = fresh.length === all.length ? loaded : (await execute(loadSql(fresh)))[0]![0];
    const result = await fold(fresh, state!.state as LoadedState, execute);
    projected = result;
    statements.push(result.sql);
  }
  statements.push(...writtenSql(next));
  if (fresh.at(-1)?.event.position.offset !== last) {
    statements.push(`UPDATE folded_position SET "offset" = ${last} WHERE partition = 0`);
  }
  if (announce) {
    // what is left out may have had an outcome when it was folded
    const payload = announcement(first, last, projected.outcomes.size + next.length - fresh.length);
    statements.push(`SELECT pg_notify('${FOLDED_CHANNEL}', '${payload}')`);
  }
  await execute([...statements, end].join('; '));
  return projected;
}

/** Opens events; what cannot be opened may be a repetition, for which nobody asks. */
async function decodeAll(
  events: readonly RecordedEvent[],
  open: OpenSealed | undefined,
): Promise<{ readonly decoded: readonly FoldableEvent[]; readonly failures: ReadonlyMap<number, Error> }> {
  const decoded: FoldableEvent[] = [];
  const failures = new Map<number, Error>();
  const results = await decodeEvents(events, open);
  events.forEach((event, index) => {
    const result = results[index]!;
    if (result instanceof Error) failures.set(event.position.offset, result);
    else decoded.push({ ...result, event });
  });
  return { decoded, failures };
}
