import type { RecordedEvent, Skips } from '@annal/domain';
import {
  announcement,
  type DecodedEvent,
  decodeEvents,
  type Execute,
  FOLDED_CHANNEL,
  FoldMemory,
  lastCounters,
  type OpenSealed,
  preparedWrite,
  project,
  READ_MODEL_VERSION,
} from '@annal/projections';
import { crashPoint } from '../faults/crash-point.js';
import { isStatementError, type Session } from '../postgres/session.js';

/**
 * One statement, one round trip: nothing is written unless the read models are where the projector left them and none of
 * the instances is there. CASE looks at its conditions in order (PostgreSQL manual, section 4.2.14).
 */
const FOLD_AHEAD = {
  name: 'fold_ahead',
  text: `SELECT CASE
    WHEN NOT fold_at($1, ${READ_MODEL_VERSION}) THEN false
    WHEN EXISTS (SELECT 1 FROM instances WHERE id = ANY ($2::text[])) THEN false
    ELSE ${preparedWrite(6)} AND fold_finish($3::json, $4, $5)
  END AS written`,
};

/**
 * Folds a log batch by batch. What it folded last it remembers, so that more instances of the same series take one round
 * trip; everything else is loaded first.
 */
export class BatchFolder {
  private readonly memory = new FoldMemory();
  private readonly counters = new Map<string, number>();

  /** @param open opens what is sealed; without it, only what is in clear can be folded */
  constructor(
    private readonly session: Session,
    private readonly open?: OpenSealed,
  ) {}

  /**
   * Folds a batch in a transaction of its own.
   * @param skipped the events that an operator ruled out
   * @throws PositionMismatch, OtherReadModels, UnfoldableEvent, UnknownEventVersion, or what PostgreSQL says
   */
  async fold(events: readonly RecordedEvent[], skipped: Skips): Promise<void> {
    if (!(await this.foldAhead(events, skipped))) await this.foldAfterLoading(events, skipped);
  }

  private async foldAhead(events: readonly RecordedEvent[], skipped: Skips): Promise<boolean> {
    const first = events[0]!.position.offset;
    if (!this.memory.reaches(first) || !this.areNew(events, skipped) || !this.memory.covers(events)) return false;
    const decoded = await decodeEvents(events, this.open);
    // what is wrong with one is said on the long way
    if (!decoded.every((result): result is DecodedEvent => !(result instanceof Error))) return false;
    const ahead = this.memory.fold(decoded);
    if (!ahead) return false;
    const last = first + events.length - 1;
    const { state } = ahead;
    try {
      const client = await this.session.connect();
      await crashPoint('fold:before-commit');
      const { rows } = await client.query<{ written: boolean }>({
        ...FOLD_AHEAD,
        values: [
          first,
          ahead.instances,
          JSON.stringify(lastCounters(events)),
          FOLDED_CHANNEL,
          announcement(first, last, state.outcomes.length),
          ...ahead.parameters,
        ],
      });
      await crashPoint('fold:after-commit');
      if (rows[0]?.written !== true) return false;
    } catch (error) {
      this.forget();
      // whatever PostgreSQL has against it, it says again on the long way
      if (isStatementError(error)) return false;
      throw error;
    }
    this.memory.learn(state, last);
    this.learnCounters(events);
    return true;
  }

  private async foldAfterLoading(events: readonly RecordedEvent[], skipped: Skips): Promise<void> {
    try {
      const first = events[0]!.position.offset;
      const { state } = await project(events, this.execute, { skipped, announce: true, open: this.open });
      if (!state || !this.memory.reaches(first)) this.forget();
      if (state) this.memory.learn(state, events.at(-1)!.position.offset);
      this.learnCounters(events);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Whether all of a batch is known to be folded for the first time, and is to be folded. */
  private areNew(events: readonly RecordedEvent[], skipped: Skips): boolean {
    const seen = new Map<string, number>();
    return events.every((event) => {
      const { writing } = event;
      if (!writing || skipped.has(event)) return false;
      const last = seen.get(writing.writer) ?? this.counters.get(writing.writer);
      seen.set(writing.writer, writing.counter);
      return last !== undefined && writing.counter > last;
    });
  }

  private learnCounters(events: readonly RecordedEvent[]): void {
    for (const { writer, counter } of lastCounters(events)) {
      this.counters.set(writer, Math.max(counter, this.counters.get(writer) ?? 0));
    }
  }

  private forget(): void {
    this.memory.forget();
    this.counters.clear();
  }

  private readonly execute: Execute = async (sql) => {
    const commits = typeof sql === 'string' && sql.endsWith('COMMIT');
    if (commits) await crashPoint('fold:before-commit');
    const results = await this.session.execute(sql);
    if (commits) await crashPoint('fold:after-commit');
    return results;
  };
}
