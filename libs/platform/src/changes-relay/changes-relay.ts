import { setTimeout as delay } from 'node:timers/promises';
import { crashPoint, type CrashPoint } from '../faults/crash-point.js';
import { type KafkaConnection, kafkaClient } from '../kafka/kafka-client.js';
import { isFenced, isTooLarge } from '../kafka/kafka-errors.js';
import { KafkaPartition } from '../kafka/kafka-partition.js';
import { ensureTopic, type TopicRequirements, UnsafeTopic } from '../kafka/kafka-topic.js';
import { TransactionalProducer } from '../kafka/transactional-producer.js';
import type { DatabaseConfig } from '../postgres/connection.js';
import type { Logger } from '../telemetry/logger.js';
import type { FeedRow, Origin } from './change-record.js';
import { ChangesFeed } from './changes-feed.js';
import { findPlace, RelayRefused } from './relay-place.js';
import { RelayMemory, type RelayState } from './relay-status.js';
import { transactionOf } from './transaction.js';

/** Which changes go where. */
export interface RelayOptions extends Origin {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly replication: Omit<TopicRequirements, 'name'>;
}

/** `soon`: when there is nothing left to publish; `now`: after the transaction under way. */
interface Stop {
  readonly soon: AbortSignal;
  readonly now: AbortSignal;
}

/** Rows of one transaction, and the bytes of its records. */
const ROWS = 1000;
const BYTES = 700_000;
const LEAST_BYTES = 2000;
const LOOK_MS = 1000;
/** Rests between transactions while rows come one by one: a transaction costs the broker as much as a batch of events. */
const GATHER_MS = 100;
const RETRY_MS = 1000;
/** Long enough for a process that was frozen to learn that another one has its place. */
const WAY_MS = 5000;
/** How long `pause` waits until what is folded is published. */
const PAUSE_MS = 5000;

/**
 * Publishes the changes feed: every row once, in order, one transaction after the other. Of several relays the last one
 * that began goes on, and only from where the others ended: Kafka fences those, and the place is read afterwards from
 * the topic itself. What this process or the database believes to be published decides nothing, unless the topic is
 * empty.
 */
export class ChangesRelay {
  private readonly feed: ChangesFeed;
  private readonly memory: RelayMemory;
  private stopping = new AbortController();
  private ending = new AbortController();
  private running: Promise<void> | undefined;
  private reported: string | undefined;
  private refused = false;
  private bytes = BYTES;

  /** @param passing is called at the steps at which a relay may be killed or held */
  constructor(
    database: DatabaseConfig,
    private readonly options: RelayOptions,
    private readonly logger: Logger,
    private readonly passing: (point: CrashPoint) => Promise<void> = crashPoint,
  ) {
    this.feed = new ChangesFeed(database);
    this.memory = new RelayMemory(database, options.topic);
  }

  /** Begins to publish, or goes on. */
  start(): void {
    this.stopping.abort();
    this.stopping = new AbortController();
    this.ending = new AbortController();
    const stop: Stop = { soon: this.stopping.signal, now: this.ending.signal };
    this.running = Promise.resolve(this.running).then(() => this.run(stop));
  }

  /** Leaves that to another, once what is folded now is published, if that does not take long. */
  async pause(): Promise<void> {
    const { stopping, ending, running } = this;
    stopping.abort();
    const patience = new AbortController();
    const enough = delay(PAUSE_MS, undefined, { signal: patience.signal }).then(
      () => ending.abort(),
      () => undefined,
    );
    await Promise.race([running, enough]);
    patience.abort();
  }

  /** Ends it and closes the connections. */
  async close(): Promise<void> {
    await this.pause();
    await this.disconnect();
  }

  private async run(stop: Stop): Promise<void> {
    while (!stop.soon.aborted) {
      try {
        await this.publish(stop);
      } catch (error) {
        if (stop.soon.aborted) break;
        await this.fail(error, stop.soon);
      }
    }
    await this.disconnect();
  }

  /** Publishes until it is told to stop or something fails. */
  private async publish(stop: Stop): Promise<void> {
    const { connection, topic, replication } = this.options;
    await ensureTopic(kafkaClient(connection), { name: topic, ...replication, retention: 'any' });
    // who was refused must not disturb the relay whose topic it is
    if (this.refused) await this.place();
    this.refused = false;
    const producer = await TransactionalProducer.fence(connection, `${topic}.relay`);
    try {
      const place = await this.place();
      let at = place.seq;
      let end: number | undefined = place.end;
      // who was here before may have ended between its last commit and remembering it
      await this.memory.rememberAtLeast(at);
      await this.report('publishing');
      this.logger.info(`Publishing changes from Seq ${at + 1} on`);
      while (!stop.now.aborted) {
        const rows = await this.feed.after(at, ROWS);
        if (rows.length > 0) {
          at = await this.send(producer, rows, at, end);
          end = undefined;
          if (rows.length < ROWS && at === rows.at(-1)!.seq) await rest(GATHER_MS, stop.soon);
        } else if (stop.soon.aborted) return;
        else await this.feed.news(LOOK_MS, stop.soon);
      }
    } finally {
      await producer.close();
    }
  }

  /**
   * @param end the offset at which the topic ended when the place was read in it, if this is the first transaction since
   * @returns the last Seq that is published now
   */
  private async send(
    producer: TransactionalProducer,
    rows: readonly FeedRow[],
    at: number,
    end: number | undefined,
  ): Promise<number> {
    const { records, last } = transactionOf(rows, at, this.options, this.bytes);
    const sent = await producer.send(this.options.topic, records);
    if (end !== undefined && sent.first !== end) {
      throw new Error(`The topic ended at offset ${sent.first}, not at ${end}: a broker that led it before was asked`);
    }
    await this.passing('relay:before-commit');
    await sent.commit();
    await this.passing('relay:after-commit');
    await this.memory.remember(last);
    return last;
  }

  private async place(): Promise<{ readonly seq: number; readonly end: number }> {
    const partition = new KafkaPartition(this.options.connection, this.options.topic, true);
    try {
      const end = await partition.end();
      return { seq: await findPlace(partition, this.feed, this.options.logId, await this.memory.published()), end };
    } finally {
      await partition.close();
    }
  }

  private async fail(error: unknown, stop: AbortSignal): Promise<void> {
    const { topic } = this.options;
    let pause = RETRY_MS;
    if (error instanceof RelayRefused || error instanceof UnsafeTopic) {
      pause = WAY_MS;
      this.refused = true;
      const known = await this.report('refused', error.message);
      if (!known)
        this.logger.error({ err: error }, `ALARM: no changes are published to topic ${topic}: ${error.message}`);
    } else if (isFenced(error)) {
      pause = WAY_MS;
      this.logger.info(`Another relay publishes to topic ${topic}`);
    } else {
      if (isTooLarge(error)) this.bytes = Math.max(LEAST_BYTES, this.bytes >> 1);
      const known = await this.report('failing');
      if (!known) this.logger.error({ err: error }, `No changes are published to topic ${topic} for now`);
    }
    await this.disconnect();
    await rest(pause, stop);
  }

  /** Tells everybody; resolves with whether it is what was told before. */
  private async report(state: RelayState, reason?: string): Promise<boolean> {
    const told = `${state} ${reason ?? ''}`;
    if (told === this.reported) return true;
    this.reported = told;
    await this.memory.report(state, reason).catch(() => undefined);
    return false;
  }

  private async disconnect(): Promise<void> {
    await Promise.all([this.feed.reset(), this.memory.reset()]);
  }
}

async function rest(time: number, stop: AbortSignal): Promise<void> {
  await delay(time, undefined, { signal: stop }).catch(() => undefined);
}
