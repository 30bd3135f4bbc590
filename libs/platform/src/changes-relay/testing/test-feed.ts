import { randomUUID } from 'node:crypto';
import { FOLDED_CHANNEL } from '@annal/projections';
import pino from 'pino';
import { deleteTopics, uniqueName } from '../../../../../test/support/kafka/client.js';
import { readTopic } from '../../../../../test/support/kafka/records.js';
import type { TestKafka } from '../../../../../test/support/kafka/test-kafka.js';
import { until } from '../../../../../test/support/processes.js';
import type { CrashPoint } from '../../faults/crash-point.js';
import { KafkaPartition, TransactionOpen } from '../../kafka/kafka-partition.js';
import { migrate } from '../../postgres/migrate.js';
import { Session } from '../../postgres/session.js';
import { openTestDatabase, type TestDatabase } from '../../postgres/testing/test-database.js';
import type { PublishedChange } from '../change-record.js';
import { ChangesRelay, type RelayOptions } from '../changes-relay.js';
import { relayStatus, type RelayStatus } from '../relay-status.js';

/** A changes feed of a test's own, with relays that publish it to a topic of its own. */
export class TestFeed {
  readonly logged: string[] = [];
  private readonly relays: ChangesRelay[] = [];

  private constructor(
    readonly kafka: TestKafka,
    readonly database: TestDatabase,
    readonly session: Session,
    readonly options: RelayOptions,
  ) {}

  static async open(kafka: TestKafka, brokers: readonly string[] = kafka.brokers): Promise<TestFeed> {
    const database = await openTestDatabase();
    await migrate(database.connection);
    return new TestFeed(kafka, database, new Session(database.connection, 'test'), {
      connection: { brokers, clientId: 'test', requestTimeout: 10_000 },
      topic: uniqueName('changes'),
      replication: { replication: 1, minInSync: 1 },
      logId: randomUUID(),
      source: 'Test',
    });
  }

  /** A relay that was started. @param passing holds it at its steps */
  start(passing?: (point: CrashPoint) => Promise<void>, options: Partial<RelayOptions> = {}): ChangesRelay {
    const logger = pino({ level: 'info' }, { write: (line: string) => void this.logged.push(line) });
    const relay = new ChangesRelay(this.database.connection, { ...this.options, ...options }, logger, passing);
    this.relays.push(relay);
    relay.start();
    return relay;
  }

  /** Appends rows as the fold does; nobody is told. */
  async append(count: number): Promise<void> {
    await this.session.execute(`
      INSERT INTO annal_log.change_feed (seq, position, type, level, resource_id, date)
      SELECT seq, seq / 4, 1 + seq % 4, 3 - seq % 4, '${'00000000-'.repeat(4)}' || lpad(seq::text, 8, '0'), '20261121T130941'
      FROM generate_series((SELECT coalesce(max(seq), 0) + 1 FROM annal_log.change_feed),
        (SELECT coalesce(max(seq), 0) + ${count} FROM annal_log.change_feed)) seq`);
  }

  /** As `append`, and relays are told, as by the fold. */
  async fold(count: number): Promise<void> {
    await this.append(count);
    await this.session.execute(`SELECT pg_notify('${FOLDED_CHANNEL}', '1')`);
  }

  /** Resolves when a relay says that it has published all up to a Seq, and consumers see that. */
  async reached(seq: number, topic = this.options.topic): Promise<void> {
    await until(async () => (await this.status())?.seq === seq);
    const partition = new KafkaPartition({ ...this.options.connection, brokers: this.kafka.brokers }, topic, true);
    // a transaction counts from when its end is promised; its records are marked as committed a little later
    const isMarked = async (): Promise<boolean> => {
      try {
        await partition.lastCommitted();
        return true;
      } catch (error) {
        if (error instanceof TransactionOpen) return false;
        throw error;
      }
    };
    await until(isMarked).finally(() => partition.close());
  }

  /** Resolves when a relay says that it refuses. */
  async refused(): Promise<void> {
    await until(async () => (await this.status())?.state === 'refused');
  }

  async status(): Promise<RelayStatus | undefined> {
    return relayStatus(await this.session.connect());
  }

  /** What a consumer sees that reads committed records only. */
  async published(): Promise<PublishedChange[]> {
    return (await readTopic(this.kafka, this.options.topic)).map((text) => JSON.parse(text) as PublishedChange);
  }

  /** The numbers of what such a consumer sees. */
  async numbers(): Promise<number[]> {
    return (await this.published()).map(({ Seq }) => Seq);
  }

  async close(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.close()));
    await this.session.reset();
    await this.database.close();
    await deleteTopics(this.kafka, [this.options.topic]).catch(() => undefined);
  }
}

/** The numbers from one to another. */
export function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Holds whoever passes a point the first time. */
export class Gate {
  /** Resolves when somebody is held. */
  readonly reached: Promise<void>;
  /** Lets them go on. */
  readonly open: () => void;
  private readonly opened: Promise<void>;
  private note!: () => void;

  constructor(private readonly point: CrashPoint) {
    this.reached = new Promise((resolve) => (this.note = resolve));
    let open!: () => void;
    this.opened = new Promise((resolve) => (open = resolve));
    this.open = open;
  }

  readonly passing = async (point: CrashPoint): Promise<void> => {
    if (point !== this.point) return;
    this.note();
    await this.opened;
  };
}
