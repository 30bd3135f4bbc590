import type { Outcome, RecordedEvent } from '@annal/domain';
import { decodeEvent } from './decode.js';
import { type Execute, fold, type FoldableEvent, loadSql } from './fold.js';
import { newOffsets, writersSql, type WriterRow, writtenSql } from './writers.js';
import type { LoadedState } from './working-set.js';

/** The next event is not the one after the folded position: the log has a gap, or was read from the wrong place. */
export class PositionMismatch extends Error {
  override readonly name = 'PositionMismatch';
}

/** The channel on which projectors announce how far they are: the payload is an offset. */
export const FOLDED_CHANNEL = 'annal_folded';

/** How a batch is folded. */
export interface FoldOptions {
  /** Offsets of events that an operator ruled out. */
  readonly skipped?: ReadonlySet<number>;
  /** Whether the new position is announced on {@link FOLDED_CHANNEL} when the transaction commits. */
  readonly announce?: boolean;
}

/**
 * Folds recorded events in one transaction of their own: two round trips.
 * @returns the outcomes by event id
 * @throws PositionMismatch
 */
export async function project(
  events: readonly RecordedEvent[],
  execute: Execute,
  options: FoldOptions = {},
): Promise<ReadonlyMap<string, Outcome>> {
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
 * @throws PositionMismatch
 */
export function projectWithin(
  events: readonly RecordedEvent[],
  execute: Execute,
  options: FoldOptions = {},
): Promise<ReadonlyMap<string, Outcome>> {
  return foldBatch(events, execute, options, 'SELECT 1', 'SELECT 1');
}

async function foldBatch(
  events: readonly RecordedEvent[],
  execute: Execute,
  { skipped, announce }: FoldOptions,
  begin: string,
  end: string,
): Promise<ReadonlyMap<string, Outcome>> {
  const all = events.filter(({ position }) => !skipped?.has(position.offset)).map(foldable);
  const [, [row] = [], writers = [], [loaded] = []] = await execute(
    `${begin}; SELECT "offset" FROM folded_position WHERE partition = 0 FOR UPDATE; ${writersSql(events)}; ${loadSql(all)}`,
  );
  const folded = Number(row?.offset);
  const next = events.filter(({ position }) => position.offset > folded);
  const [first, last] = [next[0]?.position.offset, next.at(-1)?.position.offset];
  if (first === undefined || last === undefined) {
    await execute(end);
    return new Map();
  }
  if (first !== folded + 1) {
    throw new PositionMismatch(`Folded up to ${folded}, but the next event has offset ${first}`);
  }
  const wanted = newOffsets(next, writers as unknown as readonly WriterRow[]);
  const fresh = all.filter(({ event }) => wanted.has(event.position.offset));
  const statements: string[] = [];
  let outcomes: ReadonlyMap<string, Outcome> = new Map();
  if (fresh.length > 0) {
    const state = fresh.length === all.length ? loaded : (await execute(loadSql(fresh)))[0]![0];
    const result = await fold(fresh, state!.state as LoadedState, execute);
    outcomes = result.outcomes;
    statements.push(result.sql);
  }
  statements.push(...writtenSql(next));
  if (fresh.at(-1)?.event.position.offset !== last) {
    statements.push(`UPDATE folded_position SET "offset" = ${last} WHERE partition = 0`);
  }
  if (announce) statements.push(`SELECT pg_notify('${FOLDED_CHANNEL}', '${last}')`);
  await execute([...statements, end].join('; '));
  return outcomes;
}

function foldable(event: RecordedEvent): FoldableEvent {
  return { ...decodeEvent(event), event };
}
