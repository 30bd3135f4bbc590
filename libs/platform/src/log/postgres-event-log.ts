import { once } from 'node:events';
import {
  AppendRefused,
  AppendUnknown,
  type EventEnvelope,
  type EventLog,
  type EventWriter,
  type Position,
  type RecordedEvent,
  type Subscription,
  upcastIfKnown,
  type Written,
} from '@annal/domain';
import { type OpenSealed, sqlText } from '@annal/projections';
import type { DatabaseConfig } from '../postgres/connection.js';
import { isConnectionLost, Session } from '../postgres/session.js';
import { GROUP_LIMITS, GroupCommit } from './group-commit.js';
import { type Appended, CHANNEL, PostgresLogWriter } from './postgres-log-writer.js';
import { type PreparedEvent, prepareEvents } from './prepare-event.js';
import { Subscriptions } from './subscriptions.js';

interface Command {
  readonly events: readonly PreparedEvent[];
}

/** Settings of the log writer. */
export interface PostgresEventLogOptions {
  /** How long an append whose outcome is unknown is looked for before it is reported as unknown, ms. */
  readonly recoveryTimeout: number;
  /** Opens what is sealed; without it, only what is in clear can be appended. */
  readonly open?: OpenSealed;
}

const OPENING = 0x6c6f67;

/**
 * The event log as a PostgreSQL table, folded inline: what is appended is visible in the read models at the same
 * moment. Commands that come in while a group is being written make up the next one.
 */
export class PostgresEventLog implements EventLog, EventWriter {
  private readonly writer: PostgresLogWriter;
  private readonly reader: Session;
  private readonly group = new GroupCommit<Command, Written>((commands) => this.commit(commands), GROUP_LIMITS);
  private readonly subscriptions = new Subscriptions();

  private constructor(
    private readonly config: DatabaseConfig,
    readonly logId: string,
    private readonly options: PostgresEventLogOptions,
  ) {
    this.writer = new PostgresLogWriter(config, options.recoveryTimeout);
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
    const session = new Session(config, 'log opener', { once: true });
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

  /** A log that another process opened, known by its identity. */
  static attach(config: DatabaseConfig, logId: string, options: PostgresEventLogOptions): PostgresEventLog {
    return new PostgresEventLog(config, logId, options);
  }

  async append(events: readonly EventEnvelope[]): Promise<readonly Position[]> {
    return (await this.submit(events)).positions;
  }

  async submit(events: readonly EventEnvelope[]): Promise<Written> {
    return this.enqueue(
      events,
      events.map((event) => JSON.stringify(event)),
    );
  }

  /** As `submit`, with the events as the JSON texts that the log keeps. */
  async submitSerialized(bodies: readonly string[]): Promise<Written> {
    return this.enqueue(
      bodies.map((body) => JSON.parse(body) as EventEnvelope),
      bodies,
    );
  }

  async read(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    const [rows = []] = await this.reader.execute(
      `SELECT "offset", body FROM annal_log.events WHERE "offset" > ${after.offset} ORDER BY "offset" LIMIT ${limit}`,
    );
    return rows.map((row) => ({
      ...upcastIfKnown(row.body as EventEnvelope),
      position: { partition: 0, offset: row.offset as number },
    }));
  }

  async end(): Promise<Position> {
    const [[row] = []] = await this.reader.execute('SELECT next_offset FROM annal_log.position WHERE partition = 0');
    return { partition: 0, offset: (row?.next_offset as number) - 1 };
  }

  subscribe(after: Position, handler: (events: readonly RecordedEvent[]) => Promise<void>): Subscription {
    return this.subscriptions.start((stop) => this.follow(after, handler, stop));
  }

  /** How many commands wait for the writer. */
  get pending(): number {
    return this.group.length;
  }

  /** Finishes what is under way and closes the connections. */
  async close(): Promise<void> {
    await this.subscriptions.stop();
    await this.group.drained();
    await Promise.all([this.writer.close(), this.reader.reset()]);
  }

  private async enqueue(events: readonly EventEnvelope[], bodies: readonly string[]): Promise<Written> {
    if (events.length === 0) return { positions: [], outcomes: [] };
    const prepared = await prepareEvents(events, bodies, this.options.open);
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
    return this.group.submit({ events: prepared }, events.length, bytes);
  }

  private async commit(commands: readonly Command[]): Promise<readonly (Written | Error)[]> {
    try {
      return resultsOf(commands, await this.writer.write(commands.flatMap((command) => command.events)));
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

  private async follow(
    after: Position,
    handler: (events: readonly RecordedEvent[]) => Promise<void>,
    stop: AbortSignal,
  ): Promise<void> {
    const session = new Session(this.config, 'log subscriber');
    let at = after;
    try {
      while (!stop.aborted) {
        const events = await this.read(at, GROUP_LIMITS.items);
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

function resultsOf(commands: readonly Command[], { first, outcomes }: Appended): Written[] {
  let offset = first;
  return commands.map(({ events }) => ({
    positions: events.map(() => ({ partition: 0, offset: offset++ })),
    outcomes: events.map(({ decoded }) => outcomes.get(decoded.event.id) ?? null),
  }));
}
