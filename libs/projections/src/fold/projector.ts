import type { Outcome, RecordedEvent } from '@annal/domain';
import { decodeEvent } from './decode.js';
import { type Execute, fold, type FoldableEvent, loadSql } from './fold.js';
import type { LoadedState } from './working-set.js';

/** The next event is not the one after the folded position: the log has a gap, or was read from the wrong place. */
export class PositionMismatch extends Error {
  override readonly name = 'PositionMismatch';
}

/**
 * Folds recorded events in one transaction of their own.
 * @returns the outcomes by event id
 * @throws PositionMismatch
 */
export async function project(
  events: readonly RecordedEvent[],
  execute: Execute,
): Promise<ReadonlyMap<string, Outcome>> {
  await execute('BEGIN');
  try {
    const outcomes = await projectWithin(events, execute);
    await execute('COMMIT');
    return outcomes;
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
export async function projectWithin(
  events: readonly RecordedEvent[],
  execute: Execute,
): Promise<ReadonlyMap<string, Outcome>> {
  const [[row] = []] = await execute('SELECT "offset" FROM folded_position WHERE partition = 0 FOR UPDATE');
  const folded = Number(row?.offset);
  const fresh = events.filter((event) => event.position.offset > folded).map(foldable);
  if (fresh.length === 0) return new Map();
  const first = fresh[0]!.event.position.offset;
  if (first !== folded + 1) {
    throw new PositionMismatch(`Folded up to ${folded}, but the next event has offset ${first}`);
  }
  const [[loaded] = []] = await execute(loadSql(fresh));
  const { sql, outcomes } = await fold(fresh, loaded!.state as LoadedState, execute);
  await execute(sql);
  return outcomes;
}

function foldable(event: RecordedEvent): FoldableEvent {
  return { ...decodeEvent(event), event };
}
