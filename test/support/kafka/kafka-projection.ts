import type { EventEnvelope } from '@annal/domain';
import { v4 as uuidv4 } from 'uuid';
import type { FetchedRecord, KafkaRecord } from '../../../libs/platform/src/kafka/kafka-client.js';
import { KafkaPartition } from '../../../libs/platform/src/kafka/kafka-partition.js';
import { KafkaControlLog } from '../../../libs/platform/src/log/kafka/kafka-control-log.js';
import { recordValue, toRecord } from '../../../libs/platform/src/log/kafka/kafka-record.js';
import { TestProjection } from '../test-projection.js';
import { openTestKafkaLog, type TestKafkaLog } from './test-kafka-log.js';
import type { TestKafka } from './test-kafka.js';

const TIMEOUT = 10_000;

/** A log in Kafka with its read models, and the topic itself, into which a test writes what no log would take. */
export class KafkaProjection extends TestProjection {
  readonly partition: KafkaPartition;

  private constructor(readonly source: TestKafkaLog) {
    const { connection, topic } = source.options;
    super(source.database.connection, source.log, new KafkaControlLog(connection, `${topic}.control`));
    this.partition = new KafkaPartition(connection, topic);
  }

  static async open(kafka: TestKafka): Promise<KafkaProjection> {
    return new KafkaProjection(await openTestKafkaLog(kafka));
  }

  /** Writes records past the log's own checks; resolves with the first offset. */
  write(...records: readonly KafkaRecord[]): Promise<number> {
    return this.partition.send(records, TIMEOUT);
  }

  /** Writes an event as a log writer of its own would, if it did not look at it. */
  writeEvent(event: EventEnvelope, counter = 1): Promise<number> {
    return this.write(toRecord(event, recordValue(event), { writer: uuidv4(), counter }));
  }

  /** Writes once more what is in the log from an offset on. */
  async writeAgain(offset: number, count: number): Promise<number> {
    const { records } = await this.partition.fetch(offset, 0, 1 << 20);
    return this.write(...records.slice(0, count).map(asSent));
  }

  override async close(): Promise<void> {
    await super.close();
    await this.partition.close();
    await this.source.close();
  }
}

function asSent({ key, value, headers }: FetchedRecord): KafkaRecord {
  const texts = Object.entries(headers).map(([name, text]) => [name, (text as Buffer).toString('utf8')]);
  return {
    key: key === null ? null : key.toString('utf8'),
    value: value!,
    headers: Object.fromEntries(texts) as Record<string, string>,
  };
}
