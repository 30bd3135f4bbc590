import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AppendRefused,
  AppendUnknown,
  type EventEnvelope,
  type EventLog,
  type EventWriter,
  type Outcome,
  type Position,
  type RecordedEvent,
  type Subscription,
  upcast,
  type Written,
} from '@annal/domain';
import {
  decodeEvent,
  type DecodedEvent,
  fold,
  isTooOldToAppend,
  isType,
  type LoadedState,
  loadSql,
  PositionMismatch,
  sqlText,
  UnfoldableEvent,
} from '@annal/projections';
import { crashPoint } from '../faults/crash-point.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import { isConnectionLost, isStatementError, Session } from '../postgres/session.js';
import { GroupCommit } from './group-commit.js';

interface Command {
  readonly events: readonly { readonly decoded: DecodedEvent; readonly body: string }[];
}

/** Settings of the log writer. */
export interface PostgresEventLogOptions {
  /** How long an append whose outcome is unknown is looked for before it is reported as unknown, ms. */
  readonly recoveryTimeout: number;
}

const LIMITS = { items: 500, bytes: 700_000 };
/** The fold asks by key alone, from the first row of a new table on: planning again each time finds nothing better. */
const WRITER_SETTINGS = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' };
const CHANNEL = 'annal_log';
const OPENING = 0x6c6f67;

/**
 * The event log as a PostgreSQL table, folded inline: what is appended is visible in the read models at the same
 * moment. One READ COMMITTED transaction a group of commands, in two round trips: take the position row (that row lock
 * is the log lock) and load; write the difference and the events, commit.
 */
export class PostgresEventLog implements EventLog, EventWriter {
  private readonly session: Session;
  private readonly reader: Session;
  private readonly group = new GroupCommit<Command, Written>((commands) => this.commit(commands), LIMITS);
  private readonly subscriptions = new Set<Subscription>();

  private constructor(
    private readonly config: DatabaseConfig,
    readonly logId: string,
    private readonly options: PostgresEventLogOptions,
  ) {
    this.session = new Session(config, 'log writer', undefined, WRITER_SETTINGS);
    this.reader = new Session(config, 'log reader');
  }

  /**
   * Opens the log; an empty one is given an identity and its first event, LogCreated.
   * @param create makes that first event
   */
  static async open(
    config: DatabaseConfig,
    create: (logId: string) => EventEnvelope,
    newLogId: string,
    options: PostgresEventLogOptions,
  ): Promise<PostgresEventLog> {
    const session = new Session(config, 'log opener');
    try {
      // one opener at a time, so that a log whose creator was killed half-way still gets exactly one first event
      await session.execute(`SELECT pg_advisory_lock(${OPENING})`);
      await session.execute(
        `INSERT INTO annal_log.position (partition, next_offset, log_id) VALUES (0, 0, ${sqlText(newLogId)}) ON CONFLICT DO NOTHING`,
      );
      const [[row] = []] = await session.execute(
        'SELECT log_id, next_offset FROM annal_log.position WHERE partition = 0',
      );
      const logId = String(row?.log_id);
      const log = new PostgresEventLog(config, logId, options);
      if (row?.next_offset === 0) await log.append([create(logId)]);
      return log;
    } finally {
      await session.reset();
    }
  }

  /** The log for reading, in a process that has another one write it. */
  static reader(config: DatabaseConfig, logId: string): PostgresEventLog {
    return new PostgresEventLog(config, logId, { recoveryTimeout: 0 });
  }

  async append(events: readonly EventEnvelope[]): Promise<readonly Position[]> {
    return (await this.submit(events)).positions;
  }

  async submit(events: readonly EventEnvelope[]): Promise<Written> {
    return this.submitSerialized(events.map((event) => JSON.stringify(event)));
  }

  /** As `submit`, with the events as the JSON texts that the log keeps. */
  async submitSerialized(bodies: readonly string[]): Promise<Written> {
    if (bodies.length === 0) return { positions: [], outcomes: [] };
    let bytes = 0;
    const events = bodies.map((body) => {
      if (body.includes('\\u0000')) throw new AppendRefused('An event contains NUL, which the log cannot hold');
      bytes += body.length;
      return { decoded: decode(JSON.parse(body) as EventEnvelope), body };
    });
    return this.group.submit({ events }, events.length, bytes);
  }

  async read(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    const [rows = []] = await this.reader.execute(
      `SELECT "offset", body FROM annal_log.events WHERE "offset" > ${after.offset} ORDER BY "offset" LIMIT ${limit}`,
    );
    return rows.map((row) => ({
      ...upcast(row.body as EventEnvelope),
      position: { partition: 0, offset: row.offset as number },
    }));
  }

  async end(): Promise<Position> {
    const [[row] = []] = await this.reader.execute('SELECT next_offset FROM annal_log.position WHERE partition = 0');
    return { partition: 0, offset: (row?.next_offset as number) - 1 };
  }

  subscribe(after: Position, handler: (events: readonly RecordedEvent[]) => Promise<void>): Subscription {
    const stopping = new AbortController();
    const running = this.follow(after, handler, stopping.signal);
    running.catch(() => undefined);
    const subscription = {
      stop: async (): Promise<void> => {
        stopping.abort();
        this.subscriptions.delete(subscription);
        await running;
      },
    };
    this.subscriptions.add(subscription);
    return subscription;
  }

  /** How many commands wait for the writer. */
  get pending(): number {
    return this.group.length;
  }

  /** Finishes what is under way and closes the connections. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.subscriptions].map((subscription) => subscription.stop()));
    await this.group.drained();
    await Promise.all([this.session.reset(), this.reader.reset()]);
  }

  private async commit(commands: readonly Command[]): Promise<readonly (Written | Error)[]> {
    try {
      return await this.transact(commands);
    } catch (error) {
      if (error instanceof AppendUnknown || error instanceof AppendRefused) throw error;
      if (isConnectionLost(error)) throw new AppendRefused('The database is not available', { cause: error });
      if (commands.length === 1) throw new AppendRefused('The events cannot be stored', { cause: error });
    }
    // one of them is poison: each alone, so that only it fails
    const results: (Written | Error)[] = [];
    for (const command of commands) {
      results.push(
        await this.commit([command]).then(
          ([result]) => result!,
          (error: unknown) => (error instanceof Error ? error : new AppendRefused(String(error))),
        ),
      );
    }
    return results;
  }

  private async transact(commands: readonly Command[]): Promise<Written[]> {
    const prepared = commands.flatMap((command) => command.events);
    const { execute } = this.session;
    let committing = false;
    let first = -1;
    try {
      const [, [lock] = [], [loaded] = []] = await execute(
        `BEGIN; ${lockSql(prepared.length)}; ${loadSql(prepared.map(({ decoded }) => decoded))}`,
      );
      first = (lock!.next_offset as number) - prepared.length;
      const state = loaded!.state as LoadedState;
      if (state.position[0] !== first - 1) {
        throw new PositionMismatch(`The read models are at ${state.position[0]}, the log's end is ${first - 1}`);
      }
      const events = prepared.map(({ decoded }, index) => ({
        ...decoded,
        event: { ...decoded.event, position: { partition: 0, offset: first + index } },
      }));
      const { sql, outcomes } = await fold(events, state, execute);
      await crashPoint('log:before-commit');
      committing = true;
      await execute(`${sql}; ${insertSql(prepared, first)}; SELECT pg_notify('${CHANNEL}', ''); COMMIT`);
      await crashPoint('log:after-commit');
      return results(commands, first, outcomes);
    } catch (error) {
      if (isStatementError(error)) {
        await execute('ROLLBACK').catch(() => this.session.reset());
        throw error;
      }
      await this.session.reset();
      if (!committing) throw error;
      return results(commands, first, await this.recover(prepared, first, error));
    }
  }

  /** Finds out whether a commit whose answer was lost took place; its outcomes if it did. */
  private async recover(
    prepared: Command['events'],
    first: number,
    cause: unknown,
  ): Promise<ReadonlyMap<string, Outcome>> {
    const deadline = Date.now() + this.options.recoveryTimeout;
    for (;;) {
      try {
        // the position row's lock waits for whatever is left of the lost transaction
        const ids = prepared.map(({ decoded }) => sqlText(decoded.event.id)).join(',');
        const [, , [event] = [], outcomes = []] = await this.session.execute(
          `BEGIN; SELECT 1 FROM annal_log.position WHERE partition = 0 FOR UPDATE;
           SELECT body->>'id' AS id FROM annal_log.events WHERE "offset" = ${first};
           SELECT event_id, outcome FROM outcomes WHERE event_id IN (${ids}); COMMIT`,
        );
        if (event?.id !== prepared[0]!.decoded.event.id) {
          throw new AppendRefused('The database went away before the events were stored', { cause });
        }
        return new Map(outcomes.map((row) => [row.event_id as string, row.outcome as Outcome]));
      } catch (error) {
        if (error instanceof AppendRefused) throw error;
        await this.session.reset();
        if (Date.now() > deadline) throw new AppendUnknown('The request may have taken effect', { cause });
        await delay(100);
      }
    }
  }

  private async follow(
    after: Position,
    handler: (events: readonly RecordedEvent[]) => Promise<void>,
    stop: AbortSignal,
  ): Promise<void> {
    const session = new Session(this.config, 'log subscriber');
    let at = after;
    try {
      while (!stop.aborted) {
        const events = await this.read(at, LIMITS.items);
        if (events.length > 0) {
          await handler(events);
          at = events.at(-1)!.position;
          continue;
        }
        await this.notified(session, stop);
      }
    } finally {
      await session.reset();
    }
  }

  /** Waits for a hint that the log grew, a second at most: a notification may be missed. */
  private async notified(session: Session, stop: AbortSignal): Promise<void> {
    const client = await session.connect();
    const signal = AbortSignal.any([stop, AbortSignal.timeout(1000)]);
    const hint = once(client, 'notification', { signal }).catch(() => undefined);
    await client.query(`LISTEN ${CHANNEL}`);
    await hint;
  }
}

function decode(event: EventEnvelope): DecodedEvent {
  try {
    const decoded = decodeEvent(upcast(event));
    if (
      isType(decoded.event, 'annal.instance.stored.v1') &&
      isTooOldToAppend(decoded.event.data.blob.key, Date.now())
    ) {
      throw new AppendRefused('The file took too long to arrive: send it again');
    }
    return decoded;
  } catch (error) {
    if (error instanceof UnfoldableEvent) throw new AppendRefused(error.message, { cause: error });
    throw error;
  }
}

function lockSql(count: number): string {
  return `UPDATE annal_log.position SET next_offset = next_offset + ${count} WHERE partition = 0 RETURNING next_offset`;
}

function insertSql(prepared: Command['events'], first: number): string {
  const rows = prepared.map(
    ({ decoded: { event }, body }, index) =>
      `(${first + index}, ${sqlText(event.type)}, ${sqlText(event.subject)}, ${sqlText(body)})`,
  );
  return `INSERT INTO annal_log.events ("offset", type, subject, body) VALUES ${rows.join(', ')}`;
}

function results(commands: readonly Command[], first: number, outcomes: ReadonlyMap<string, Outcome>): Written[] {
  let offset = first;
  return commands.map(({ events }) => ({
    positions: events.map(() => ({ partition: 0, offset: offset++ })),
    outcomes: events.map(({ decoded }) => outcomes.get(decoded.event.id) ?? null),
  }));
}
