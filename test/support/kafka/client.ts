import { randomUUID } from 'node:crypto';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
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
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  try {
    const configEntries = Object.entries(options.settings ?? {}).map(([name, value]) => ({ name, value }));
    const topics = [{ topic, numPartitions: options.partitions ?? 1, replicationFactor: 1, configEntries }];
    await admin.createTopics({ topics, waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
  return topic;
}

/** Deletes topics, so that a Kafka that outlives the test keeps nothing of it. */
export async function deleteTopics(kafka: TestKafka, topics: readonly string[]): Promise<void> {
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  try {
    await admin.deleteTopics({ topics: [...topics] });
  } finally {
    await admin.disconnect();
  }
}

/** Deletes all topics whose names begin so. */
export async function deleteTopicsOf(kafka: TestKafka, prefix: string): Promise<void> {
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
