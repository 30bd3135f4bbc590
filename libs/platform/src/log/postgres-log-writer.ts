import { setTimeout as delay } from 'node:timers/promises';
import { AppendRefused, AppendUnknown, type Outcome } from '@annal/domain';
import {
  fold,
  FoldMemory,
  type FoldedAhead,
  type LoadedState,
  loadSql,
  PositionMismatch,
  preparedWrite,
  sqlText,
} from '@annal/projections';
import type pg from 'pg';
import { crashPoint } from '../faults/crash-point.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import { ASKED_BY_KEY } from '../postgres/asked-by-key.js';
import { isStatementError, Session } from '../postgres/session.js';
import type { PreparedEvent } from './prepare-event.js';

/** A group of events in the log, from offset `first` on, and what the fold made of them. */
export interface Appended {
  readonly first: number;
  /** By event id; absent: plain success. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/** So often it is looked whether a process of PostgreSQL's has ended. */
const LOOK_MS = 20;

/** The channel on which a growing log is announced. */
export const CHANNEL = 'annal_log';
/**
 * One statement, one round trip: nothing is written unless the log's end is where the writer expects it and none of the
 * instances is there. CASE looks at its conditions in order (PostgreSQL manual, section 4.2.14).
 */
const APPEND_AHEAD = {
  name: 'append_ahead',
  text: `SELECT CASE
    WHEN EXISTS (SELECT 1 FROM instances WHERE id = ANY ($5::text[])) THEN false
    WHEN NOT annal_log.append_at($1, $2::text[], $3::text[], $4::json) THEN false
    ELSE ${preparedWrite(6)}
  END AS written`,
};

/**
 * Appends groups of events and folds them inline, in one READ COMMITTED transaction each. The position row's lock is the
 * log's lock. As a rule two round trips: take the lock and load; write the difference and the events, commit. Instances
 * that go on series of the last groups take one, see {@link FoldMemory}.
 */
export class PostgresLogWriter {
  private readonly session: Session;
  private readonly memory = new FoldMemory();

  /** @param recoveryTimeout how long a commit whose answer was lost is looked for, ms */
  constructor(
    config: DatabaseConfig,
    private readonly recoveryTimeout: number,
  ) {
    this.session = new Session(config, 'log writer', { settings: ASKED_BY_KEY });
  }

  /**
   * Appends a group, all of it or nothing.
   * @throws AppendRefused, AppendUnknown, PositionMismatch, or what PostgreSQL says against it
   */
  async write(group: readonly PreparedEvent[]): Promise<Appended> {
    const ahead = this.memory.fold(group.map(({ decoded }) => decoded));
    return (ahead && (await this.writeAhead(group, ahead))) ?? this.loadAndWrite(group);
  }

  /** Closes the connection. */
  close(): Promise<void> {
    return this.session.reset();
  }

  private async writeAhead(group: readonly PreparedEvent[], ahead: FoldedAhead): Promise<Appended | undefined> {
    const { first, instances, parameters, state } = ahead;
    let committing = false;
    let backend: number | undefined;
    try {
      const client: pg.Client & { readonly processID?: number } = await this.session.connect();
      backend = client.processID;
      await crashPoint('log:before-commit');
      committing = true;
      const { rows } = await client.query<{ written: boolean }>({
        ...APPEND_AHEAD,
        values: [
          first,
          group.map(({ decoded }) => decoded.event.type),
          group.map(({ decoded }) => decoded.event.subject),
          `[${group.map(({ body }) => body).join(',')}]`,
          instances,
          ...parameters,
        ],
      });
      await crashPoint('log:after-commit');
      if (rows[0]?.written !== true) return undefined;
    } catch (error) {
      this.memory.forget();
      // whatever PostgreSQL has against it, it says again on the long way
      if (isStatementError(error)) return undefined;
      await this.session.reset();
      if (!committing) throw error;
      return { first, outcomes: await this.recover(group, first, error, backend) };
    }
    this.memory.learn(state, first + group.length - 1);
    return { first, outcomes: new Map(state.outcomes.map(({ event_id, outcome }) => [event_id, outcome])) };
  }

  private async loadAndWrite(group: readonly PreparedEvent[]): Promise<Appended> {
    const { execute } = this.session;
    let committing = false;
    let first = -1;
    try {
      const [, [lock] = [], [loaded] = []] = await execute(
        `BEGIN; ${lockSql(group.length)}; ${loadSql(group.map(({ decoded }) => decoded))}`,
      );
      first = (lock!.next_offset as number) - group.length;
      const known = loaded!.state as LoadedState;
      if (known.position[0] !== first - 1) {
        throw new PositionMismatch(`The read models are at ${known.position[0]}, the log's end is ${first - 1}`);
      }
      const events = group.map(({ decoded }, index) => ({
        ...decoded,
        event: { ...decoded.event, position: { partition: 0, offset: first + index } },
      }));
      const { sql, outcomes, state } = await fold(events, known, execute);
      await crashPoint('log:before-commit');
      committing = true;
      await execute(`${sql}; ${insertSql(group, first)}; SELECT pg_notify('${CHANNEL}', ''); COMMIT`);
      await crashPoint('log:after-commit');
      if (!state || !this.memory.reaches(first)) this.memory.forget();
      if (state) this.memory.learn(state, first + group.length - 1);
      return { first, outcomes };
    } catch (error) {
      this.memory.forget();
      if (isStatementError(error)) {
        await execute('ROLLBACK').catch(() => this.session.reset());
        throw error;
      }
      await this.session.reset();
      if (!committing) throw error;
      return { first, outcomes: await this.recover(group, first, error) };
    }
  }

  /**
   * Finds out whether a commit whose answer was lost took place; its outcomes if it did.
   * @param backend the process of PostgreSQL's that may not have begun with the statement, and so hold no lock yet
   */
  private async recover(
    group: readonly PreparedEvent[],
    first: number,
    cause: unknown,
    backend?: number,
  ): Promise<ReadonlyMap<string, Outcome>> {
    const deadline = Date.now() + this.recoveryTimeout;
    for (;;) {
      try {
        if (backend !== undefined) await this.end(backend, deadline);
        // the position row's lock waits for whatever is left of the lost transaction
        const ids = group.map(({ decoded }) => sqlText(decoded.event.id)).join(',');
        const [, , [event] = [], outcomes = []] = await this.session.executeWithin(
          deadline - Date.now(),
          `BEGIN; SELECT 1 FROM annal_log.position WHERE partition = 0 FOR UPDATE;
           SELECT body->>'id' AS id FROM annal_log.events WHERE "offset" = ${first};
           SELECT event_id, outcome FROM outcomes WHERE event_id IN (${ids}); COMMIT`,
        );
        if (event?.id !== group[0]!.decoded.event.id) {
          throw new AppendRefused('The database went away before the events were stored', { cause });
        }
        return new Map(outcomes.map((row) => [row.event_id as string, row.outcome as Outcome]));
      } catch (error) {
        if (error instanceof AppendRefused) throw error;
        await this.session.reset();
        if (Date.now() >= deadline) throw new AppendUnknown('The request may have taken effect', { cause });
        await delay(100);
      }
    }
  }

  /** Ends a process of PostgreSQL's that wrote for this log; resolves once it is gone. */
  private async end(backend: number, deadline: number): Promise<void> {
    const within = (): number => deadline - Date.now();
    const found = `FROM pg_stat_activity WHERE pid = ${backend} AND pid <> pg_backend_pid()
      AND application_name = current_setting('application_name')`;
    for (;;) {
      const [rows = []] = await this.session.executeWithin(within(), `SELECT pg_terminate_backend(pid) ${found}`);
      if (rows.length === 0) return;
      await delay(LOOK_MS);
    }
  }
}

function lockSql(count: number): string {
  return `UPDATE annal_log.position SET next_offset = next_offset + ${count} WHERE partition = 0 RETURNING next_offset`;
}

function insertSql(group: readonly PreparedEvent[], first: number): string {
  const rows = group.map(
    ({ decoded: { event }, body }, index) =>
      `(${first + index}, ${sqlText(event.type)}, ${sqlText(event.subject)}, ${sqlText(body)})`,
  );
  return `INSERT INTO annal_log.events ("offset", type, subject, body) VALUES ${rows.join(', ')}`;
}
