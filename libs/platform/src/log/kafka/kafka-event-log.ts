import { setTimeout as delay } from 'node:timers/promises';
import {
  AppendRefused,
  AppendUnknown,
  BEGINNING,
  type EventEnvelope,
  type EventLog,
  EventTooLarge,
  type EventWriter,
  NotYetVisible,
  type Outcome,
  type Outcomes,
  type Position,
  type RecordedEvent,
  type Subscription,
  upcastIfKnown,
  type Written,
} from '@annal/domain';
import type { OpenSealed, Statement } from '@annal/projections';
import { v4 as uuidv4 } from 'uuid';
import type { KafkaConnection } from '../../kafka/kafka-client.js';
import { crashPoint } from '../../faults/crash-point.js';
import { sendFailure } from '../../kafka/kafka-errors.js';
import { KafkaPartition, OffsetGone } from '../../kafka/kafka-partition.js';
import { untilSettled } from '../../kafka/settled.js';
import type { DatabaseConfig } from '../../postgres/connection.js';
import { ASKED_BY_KEY } from '../../postgres/asked-by-key.js';
import { Session } from '../../postgres/session.js';
import { GROUP_LIMITS, GroupCommit } from '../group-commit.js';
import { BEGINNING_GONE, nameOfLog, NoEventLog } from '../log-identity.js';
import { prepareEvents } from '../prepare-event.js';
import { Subscriptions } from '../subscriptions.js';
import { FoldWaiter } from './fold-waiter.js';
import { fromRecord, RECORD_OVERHEAD, recordValue, toRecord } from './kafka-record.js';

/** Where the log is, and how long is waited for what. */
export interface KafkaEventLogOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** How long an append is tried while the brokers do not take it, ms. */
  readonly writerTimeout: number;
  /** How long `submit` waits until what it appended is folded, ms. */
  readonly visibilityTimeout: number;
  /** Opens what is sealed; without it, only what is in clear can be appended. */
  readonly open?: OpenSealed;
}

interface Command {
  readonly events: readonly EventEnvelope[];
  readonly values: readonly Buffer[];
  /** As `performance.now()` counts: until then it is tried, and once at least. */
  readonly deadline: number;
}

const FETCH_BYTES = 4 * 1024 * 1024;
const POLL_MS = 1000;
const RETRY_MS = 100;
const EXCHANGED = 'The topic of the event log has become another one';

/**
 * The event log as a Kafka topic of one partition. Appends are micro-batches, one in flight; each event carries the
 * writer's identity and a counter, so that a batch sent twice is folded once. The read models are folded by a projector,
 * here or elsewhere, and `submit` waits for it.
 */
export class KafkaEventLog implements EventLog, EventWriter {
  private readonly writer: KafkaPartition;
  private readonly reader: KafkaPartition;
  private readonly session: Session;
  private readonly waiter: FoldWaiter;
  private readonly group = new GroupCommit<Command, readonly Position[]>(
    (commands) => this.commit(commands),
    GROUP_LIMITS,
  );
  private readonly outcomes = new GroupCommit<readonly string[], Outcomes>(
    (ids) => this.readOutcomes(ids),
    GROUP_LIMITS,
  );
  private readonly subscriptions = new Subscriptions();
  private readonly writerId = uuidv4();
  private counter = 0;
  /** The least offset that the next events can get; undefined: the topic must be looked at before. */
  private least: number | undefined;

  private constructor(
    database: DatabaseConfig,
    private readonly options: KafkaEventLogOptions,
    readonly logId: string,
  ) {
    this.writer = new KafkaPartition(options.connection, options.topic);
    this.reader = new KafkaPartition(options.connection, options.topic);
    this.session = new Session(database, 'outcome reader', { settings: ASKED_BY_KEY });
    this.waiter = new FoldWaiter(database);
  }

  /** The log of an existing topic, known by its identity. */
  static attach(database: DatabaseConfig, options: KafkaEventLogOptions, logId: string): KafkaEventLog {
    return new KafkaEventLog(database, options, logId);
  }

  async append(events: readonly EventEnvelope[]): Promise<readonly Position[]> {
    if (events.length === 0) return [];
    await prepareEvents(
      events,
      events.map((event) => JSON.stringify(event)),
      this.options.open,
    );
    const values = events.map(recordValue);
    const bytes = values.reduce((sum, value) => sum + value.length + RECORD_OVERHEAD, 0);
    const deadline = performance.now() + this.options.writerTimeout;
    return this.group.submit({ events, values, deadline }, events.length, bytes);
  }

  async submit(events: readonly EventEnvelope[]): Promise<Written> {
    const positions = await this.append(events);
    const [first, last] = [positions[0], positions.at(-1)];
    if (!first || !last) return { positions: [], outcomes: [] };
    const folded = await this.waiter.wait(first.offset, last.offset, this.options.visibilityTimeout);
    if (folded === 'waiting') throw new NotYetVisible(positions);
    if (folded === 'plain') return { positions, outcomes: events.map(() => null) };
    const ids = events.map(({ id }) => id);
    const outcomes = await this.outcomes.submit(ids, ids.length, 0).catch(() => {
      throw new NotYetVisible(positions);
    });
    return { positions, outcomes };
  }

  /** As `submit`, with the events as JSON texts. */
  submitSerialized(bodies: readonly string[]): Promise<Written> {
    return this.submit(bodies.map((body) => JSON.parse(body) as EventEnvelope));
  }

  async read(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    let at = after.offset + 1;
    while (events.length < limit) {
      const { records, next } = await this.fetchUpToEnd(at);
      if (next === at) break;
      events.push(...records.slice(0, limit - events.length).map(readRecord));
      at = next;
    }
    return events;
  }

  async end(): Promise<Position> {
    return { partition: 0, offset: (await this.reader.end()) - 1 };
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
    await Promise.all([this.writer.close(), this.reader.close(), this.waiter.close(), this.session.reset()]);
  }

  private async commit(commands: readonly Command[]): Promise<readonly (readonly Position[] | Error)[]> {
    const records = commands.flatMap(({ events, values }) =>
      events.map((event, index) => toRecord(event, values[index]!, { writer: this.writerId, counter: ++this.counter })),
    );
    // nobody is refused early, and those who waited behind others not much later than these
    const deadline = Math.max(...commands.map((command) => command.deadline));
    let perhaps = false;
    for (let attempt = 0; ; attempt++) {
      let cause: unknown;
      try {
        await this.expectThisLog();
      } catch (error) {
        cause = error;
      }
      if (cause === undefined) {
        try {
          await crashPoint('log:before-send');
          const first = await this.writer.send(records, this.options.connection.requestTimeout);
          await crashPoint('log:after-send');
          this.expectBehind(first, records.length);
          return positionsOf(commands, first);
        } catch (error) {
          this.least = undefined;
          const failure = sendFailure(error);
          // a repetition may find what an attempt before it has written
          if (!perhaps && failure === 'too-large') return this.commitInParts(commands, error);
          if (!perhaps && failure === 'refused') return refusals(commands, error);
          perhaps ||= failure === 'unknown';
          cause = error;
        }
      }
      if (performance.now() >= deadline) {
        throw perhaps
          ? new AppendUnknown('The request may have taken effect', { cause })
          : new AppendRefused('The event log is not available', { cause });
      }
      await delay(Math.min(RETRY_MS * 2 ** attempt, POLL_MS));
    }
  }

  /**
   * Another log under the same name, or one that lost its end, however that came about, must get no events: these would
   * have positions that count as folded already.
   */
  private async expectThisLog(): Promise<void> {
    await this.writer.connect();
    if (this.least !== undefined) return;
    const { records } = await this.reader.fetch(BEGINNING.offset + 1, 0, 1);
    if (records[0] && nameOfLog(readRecord(records[0])) !== this.logId) throw new NoEventLog(EXCHANGED);
    const folded = await this.foldedOffset();
    const end = await this.writer.end();
    if (end <= folded) throw new NoEventLog(`The event log ends at ${end - 1}, but is folded up to ${folded}`);
    this.least = end;
  }

  private expectBehind(first: number, count: number): void {
    if (first < this.least!) throw new NoEventLog(EXCHANGED);
    this.least = first + count;
  }

  private async commitInParts(
    commands: readonly Command[],
    cause: unknown,
  ): Promise<readonly (readonly Position[] | Error)[]> {
    if (commands.length === 1) return [new EventTooLarge('The event log takes no event of this size', { cause })];
    const middle = commands.length >> 1;
    const results: (readonly Position[] | Error)[] = [];
    for (const part of [commands.slice(0, middle), commands.slice(middle)]) {
      results.push(...(await this.commit(part).catch((error: Error) => part.map(() => error))));
    }
    return results;
  }

  private async foldedOffset(): Promise<number> {
    const text = 'SELECT "offset" FROM folded_position WHERE partition = 0';
    return (await this.rows<{ offset: number }>({ text }, this.options.writerTimeout))[0]!.offset;
  }

  /** @param time ms, after which the connection is given up */
  private async rows<R extends object>(statement: Statement, time: number): Promise<readonly R[]> {
    try {
      return await this.session.rows<R>(statement, time);
    } catch (error) {
      await this.session.reset();
      throw error;
    }
  }

  private async readOutcomes(groups: readonly (readonly string[])[]): Promise<readonly Outcomes[]> {
    const text = 'SELECT event_id::text AS id, outcome FROM outcomes WHERE event_id = ANY ($1::uuid[])';
    const statement = { name: 'outcomes', text, values: [groups.flat()] };
    const rows = await this.rows<{ id: string; outcome: Outcome }>(statement, this.options.visibilityTimeout);
    const outcomes = new Map(rows.map(({ id, outcome }) => [id, outcome]));
    return groups.map((ids) => ids.map((id) => outcomes.get(id) ?? null));
  }

  /** What is there from an offset on, without waiting; nothing beyond the end. */
  private async fetchUpToEnd(offset: number): Promise<Awaited<ReturnType<KafkaPartition['fetch']>>> {
    try {
      return await this.reader.fetch(offset, 0, FETCH_BYTES);
    } catch (error) {
      const end = error instanceof OffsetGone ? await this.reader.end() : 0;
      if (offset > end && error instanceof OffsetGone) return { records: [], next: offset, end };
      throw error;
    }
  }

  private async follow(
    after: Position,
    handler: (events: readonly RecordedEvent[]) => Promise<void>,
    stop: AbortSignal,
  ): Promise<void> {
    const partition = new KafkaPartition(this.options.connection, this.options.topic);
    const closed = new Promise<undefined>((resolve) => stop.addEventListener('abort', () => resolve(undefined)));
    const fetch = (offset: number): ReturnType<KafkaPartition['fetch']> => {
      const fetching = partition.fetch(offset, POLL_MS, FETCH_BYTES);
      fetching.catch(() => undefined);
      return fetching;
    };
    try {
      let coming = fetch(after.offset + 1);
      for (;;) {
        const fetched = await Promise.race([coming, closed]);
        if (!fetched || stop.aborted) return;
        // the next are fetched while these are dealt with
        coming = fetch(fetched.next);
        if (fetched.records.length > 0) await handler(fetched.records.map(readRecord));
      }
    } finally {
      // it waits for the answer to the last question, up to POLL_MS, which is of no use any more
      void partition.close();
    }
  }
}

/**
 * The identity in a topic's first event; undefined where the topic is empty.
 * @throws NoEventLog
 */
export async function logIdOf(connection: KafkaConnection, topic: string): Promise<string | undefined> {
  const partition = new KafkaPartition(connection, topic);
  try {
    const { records } = await untilSettled(() => partition.fetch(BEGINNING.offset + 1, 0, FETCH_BYTES));
    return records[0] && nameOfLog(readRecord(records[0]));
  } catch (error) {
    if (error instanceof OffsetGone) throw new NoEventLog(BEGINNING_GONE, { cause: error });
    throw error;
  } finally {
    await partition.close();
  }
}

function readRecord(record: Parameters<typeof fromRecord>[0]): RecordedEvent {
  return upcastIfKnown(fromRecord(record));
}

function positionsOf(commands: readonly Command[], first: number): readonly (readonly Position[])[] {
  let offset = first;
  return commands.map(({ events }) => events.map(() => ({ partition: 0, offset: offset++ })));
}

function refusals(commands: readonly Command[], cause: unknown): readonly AppendRefused[] {
  return commands.map(() => new AppendRefused('The event log refuses the event', { cause }));
}
