import { createTopic, kafkaClient } from './client.js';
import type { TestKafka } from './test-kafka.js';

/** What a topic of events must have, as an operator would set it. */
const SAFE = {
  'cleanup.policy': 'delete',
  'message.timestamp.type': 'LogAppendTime',
  'retention.ms': '-1',
  'retention.bytes': '-1',
};

/** Creates a topic for events ahead of the server. @param settings on top, or instead */
export async function createEventsTopic(
  kafka: TestKafka,
  name: string,
  settings: Readonly<Record<string, string>> = {},
  partitions = 1,
): Promise<void> {
  await createTopic(kafka, { name, partitions, settings: { ...SAFE, ...settings } });
}

/** Cuts off the beginning of a topic. @param offset of the first record that stays */
export async function cutTopic(kafka: TestKafka, topic: string, offset: number): Promise<void> {
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  try {
    // kafkajs looks the topic's leader up only here
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  } finally {
    await admin.disconnect();
  }
}
