import type { AnnalEvent, Outcome, RecordedEvent } from '@annal/domain';
import { depthOf, isJobEvent, isRemoteEvent } from '@annal/domain';
import { CHANGE_TYPES } from '../changes.js';
import { attachmentStep } from './attachment-step.js';
import { compactDate } from './compact-date.js';
import { type DecodedEvent, isType } from './decode.js';
import { annotatedBy, evolveAnnotations } from './evolve-annotations.js';
import { evolveInstanceStored } from './evolve-instance-stored.js';
import { evolveResourceStable } from './evolve-resource-stable.js';
import type { Execute } from './execute.js';
import { jobOf } from './job-set.js';
import { reconstructSql } from './reconstruct-step.js';
import { sqlJson, sqlText, sqlTextArray } from './sql-literal.js';
import { type LoadedState, WorkingSet } from './working-set.js';
import { write } from './write-call.js';

/** A decoded event with its position. */
export interface FoldableEvent extends DecodedEvent {
  readonly event: RecordedEvent;
}

/** The end of a fold: the last statements are left to the caller, who sends them with whatever else ends the transaction. */
export interface FoldResult {
  readonly sql: string;
  /** By event id; absent: plain success. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** What the tables hold afterwards of what the batch touched; absent where something was removed. */
  readonly state?: WorkingSet;
}

/** SQL that loads what a batch touches up to its first removal, as `{ state }`: the statement after taking the lock. */
export function loadSql(events: readonly DecodedEvent[]): string {
  const touched = { Patient: new Set<string>(), Study: new Set<string>(), Series: new Set<string>() };
  const instances = new Set<string>();
  const annotated = new Map<string, { readonly level: number; readonly id: string }>();
  const jobs = new Set<string>();
  for (const { event } of firstSegment(events)) {
    if (isType(event, 'annal.instance.stored.v1')) {
      touched.Patient.add(event.data.ids.patient);
      touched.Study.add(event.data.ids.study);
      touched.Series.add(event.data.ids.series);
      instances.add(event.data.ids.instance);
    } else if (isType(event, 'annal.resource.stable.v1')) {
      touched[event.data.level].add(event.data.id);
    } else {
      const job = jobOf(event);
      if (job !== undefined) jobs.add(job);
      const noted = annotatedBy(event);
      if (noted) annotated.set(`${noted.level} ${noted.id}`, noted);
      if (isType(event, 'annal.patient.protection-set.v1')) touched.Patient.add(event.data.id);
    }
  }
  const lists = [touched.Patient, touched.Study, touched.Series, instances].map(sqlTextArray);
  const noted = annotated.size > 0 ? sqlJson([...annotated.values()]) : 'NULL';
  const working = jobs.size > 0 ? sqlTextArray(jobs) : 'NULL';
  return `SELECT fold_load(${lists.join(', ')}, ${noted}, ${working}) AS state`;
}

/**
 * Folds a batch inside a transaction that holds the position: events are applied in log order to a working set and the
 * difference is written set-based. Removals and overwrites close a segment, so that any split of a history into batches
 * gives equal tables.
 * @param loaded what {@link loadSql} of the same events found
 */
export async function fold(
  events: readonly FoldableEvent[],
  loaded: LoadedState,
  execute: Execute,
): Promise<FoldResult> {
  const outcomes = new Map<string, Outcome>();
  let rest = events;
  let state = new WorkingSet(loaded);
  let removals = 0;
  for (;;) {
    const segment = firstSegment(rest);
    let done = 0;
    let removal: Removal | undefined;
    for (const foldable of segment) {
      removal = removalBy(foldable, state);
      if (removal && !removal.continues) done += 1;
      if (removal) break;
      evolve(state, foldable);
      done += 1;
    }
    const offset = done > 0 ? segment[done - 1]!.event.position.offset : segment[0]!.event.position.offset - 1;
    for (const { event_id, outcome } of state.outcomes) outcomes.set(event_id, outcome);
    const sql = await write(state.difference(offset), execute);
    rest = rest.slice(done);
    if (!removal) {
      if (rest.length === 0) return { sql, outcomes, ...(removals === 0 && { state }) };
      state = await reload(rest, sql, execute);
      continue;
    }
    removals += 1;
    const removed = (await execute(`${sql}; ${removal.sql}`)).at(-1)![0];
    const outcome = removal.outcome(removed?.removed ?? null);
    if (outcome) outcomes.set(removal.eventId, outcome);
    const recorded = outcome ? recordOutcome(removal.eventId, outcome) : 'SELECT 1';
    if (rest.length === 0) return { sql: recorded, outcomes };
    state = await reload(rest, recorded, execute);
  }
}

/** The events up to and including the first that removes by itself. */
function firstSegment<E extends DecodedEvent>(events: readonly E[]): readonly E[] {
  const closing = events.findIndex(({ event }) => CLOSING.has(event.type));
  return closing < 0 ? events : events.slice(0, closing + 1);
}

const CLOSING: ReadonlySet<AnnalEvent['type']> = new Set<AnnalEvent['type']>([
  'annal.resource.deleted.v1',
  'annal.patient.recycled.v1',
  'annal.changes.cleared.v1',
  'annal.exports.cleared.v1',
  'annal.attachment.added.v1',
  'annal.attachment.removed.v1',
  'annal.attachment.recoded.v1',
  'annal.instance.reconstructed.v1',
]);

function evolve(state: WorkingSet, { event, instance, value }: FoldableEvent): void {
  if (isType(event, 'annal.instance.stored.v1')) {
    evolveInstanceStored(state, event, instance!);
  } else if (isType(event, 'annal.resource.stable.v1')) {
    evolveResourceStable(state, event);
  } else if (isType(event, 'annal.log.created.v1') && event.position.offset === 0) {
    // a second one, of somebody who found the log empty at the same time, names nothing
    state.logId = event.data.logId;
  } else if (isType(event, 'annal.export.recorded.v1')) {
    state.exports.evolve(event);
  } else if (isJobEvent(event)) {
    const outcome = state.jobs.evolve(event, value);
    if (outcome) state.outcomes.push({ event_id: event.id, outcome });
  } else if (isRemoteEvent(event)) {
    state.remotes.evolve(event);
  } else {
    evolveAnnotations(state, { event, value });
  }
}

/** A step that leaves the working set: done in SQL, after the difference so far. */
interface Removal {
  readonly sql: string;
  readonly eventId: string;
  /** True where the event goes on after it (an overwrite stores again). */
  readonly continues: boolean;
  outcome(removed: unknown): Outcome | undefined;
}

function removalBy({ event, instance }: FoldableEvent, state: WorkingSet): Removal | undefined {
  if (isType(event, 'annal.resource.deleted.v1')) {
    const { level, id } = event.data;
    return {
      sql: removeSql(event, depthOf(level), id, null),
      eventId: event.id,
      continues: false,
      outcome: (removed) =>
        removed === null
          ? { kind: 'not-found' }
          : { kind: 'removed', remaining: (removed as { remaining: never }).remaining },
    };
  }
  if (isType(event, 'annal.patient.recycled.v1')) {
    return {
      sql: removeSql(event, 0, event.data.id, event.data.asOf),
      eventId: event.id,
      continues: false,
      outcome: (removed) => (removed === null ? { kind: 'ignored' } : undefined),
    };
  }
  if (isType(event, 'annal.changes.cleared.v1') || isType(event, 'annal.exports.cleared.v1')) {
    return {
      sql: isType(event, 'annal.changes.cleared.v1') ? CLEAR_CHANGES : CLEAR_EXPORTS,
      eventId: event.id,
      continues: false,
      outcome: () => undefined,
    };
  }
  if (
    isType(event, 'annal.instance.stored.v1') &&
    event.data.overwrite &&
    state.instances.has(event.data.ids.instance)
  ) {
    return {
      sql: removeSql(event, depthOf('Instance'), event.data.ids.instance, null),
      eventId: event.id,
      continues: true,
      outcome: () => ({ kind: 'overwritten' }),
    };
  }
  if (isType(event, 'annal.instance.reconstructed.v1')) {
    return {
      sql: `SELECT ${reconstructSql(event, instance!)} AS removed`,
      eventId: event.id,
      continues: false,
      outcome: (done) => (done === true ? undefined : { kind: 'ignored' }),
    };
  }
  const step = attachmentStep(event);
  return (
    step && {
      sql: `SELECT ${step.call} AS removed`,
      eventId: event.id,
      continues: false,
      outcome: (result) => step.outcome(result),
    }
  );
}

const CLEAR_CHANGES = `WITH cleared AS (DELETE FROM changes)
  UPDATE folded_position SET cleared_seq = change_seq WHERE partition = 0 RETURNING cleared_seq AS removed`;

const CLEAR_EXPORTS = `WITH cleared AS (DELETE FROM listed_exports) SELECT 0 AS removed`;

function removeSql(event: RecordedEvent, level: number, id: string, asOf: number | null): string {
  const { offset } = event.position;
  const date = sqlText(compactDate(event.time));
  return `SELECT fold_delete(${level}, ${sqlText(id)}, ${asOf ?? 'NULL'}, ${offset}, ${sqlText(event.time)}, ${date}, ${CHANGE_TYPES.Deleted}::smallint) AS removed`;
}

function recordOutcome(eventId: string, outcome: Outcome): string {
  return `INSERT INTO outcomes (event_id, outcome) VALUES (${sqlText(eventId)}, ${sqlJson(outcome)})`;
}

async function reload(rest: readonly FoldableEvent[], before: string, execute: Execute): Promise<WorkingSet> {
  const results = await execute(`${before}; ${loadSql(rest)}`);
  return new WorkingSet(results.at(-1)![0]!.state as LoadedState);
}
