import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { untilSettled } from '../../../libs/platform/src/kafka/settled.js';
import { until } from '../processes.js';
import { type TestKafka } from './test-kafka.js';

// it says at every producer that an older version chose partitions in another way
process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';

/** A client that does not log. */
export function kafkaClient({ brokers }: TestKafka, options: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({ clientId: 'test', brokers: [...brokers], logLevel: logLevel.NOTHING, ...options });
}

/** A name that no other topic, group or transactional producer has. */
export function uniqueName(prefix = 'test'): string {
  return `${prefix}-${randomUUID()}`;
}

/** What a test wants of a topic. */
export interface TopicOptions {
  readonly name?: string;
  /** 1 by default */
  readonly partitions?: number;
  /** Kafka's settings of the topic, such as `max.message.bytes` */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Creates a topic of a test's own; resolves with its name when it can be written. */
export async function createTopic(kafka: TestKafka, options: TopicOptions = {}): Promise<string> {
  const topic = options.name ?? uniqueName();
  const configEntries = Object.entries(options.settings ?? {}).map(([name, value]) => ({ name, value }));
  const topics = [{ topic, numPartitions: options.partitions ?? 1, replicationFactor: 1, configEntries }];
  await withAdmin(kafka, async (admin) => {
    // kafkajs' own wait gives up at a broker that has not heard of the topic yet
    await admin.createTopics({ topics, waitForLeaders: false });
    await untilSettled(() => admin.fetchTopicMetadata({ topics: [topic] }));
    // who is named there may not lead all partitions yet
    await untilSettled(() => admin.fetchTopicOffsets(topic));
  });
  return topic;
}

/** Deletes topics, so that a Kafka that outlives the test keeps nothing of it; resolves when nobody can write to them any more. */
export async function deleteTopics(kafka: TestKafka, topics: readonly string[]): Promise<void> {
  await withAdmin(kafka, (admin) => deleteThrough(admin, topics));
}

/** Deletes all topics whose names begin so; resolves when they are gone. */
export async function deleteTopicsOf(kafka: TestKafka, prefix: string): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    await deleteThrough(
      admin,
      (await admin.listTopics()).filter((topic) => topic.startsWith(prefix)),
    );
  });
}

async function deleteThrough(admin: Admin, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return;
  await admin.deleteTopics({ topics: [...topics] });
  // the controller answers before the brokers have done it
  await until(async () => (await admin.listTopics()).every((topic) => !topics.includes(topic)));
}

async function withAdmin(kafka: TestKafka, work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
