import { TransactionalProducer } from '../../../libs/platform/src/kafka/transactional-producer.js';
import { until } from '../processes.js';
import { createTopic, deleteTopics, kafkaClient, uniqueName } from './client.js';
import type { TestKafka } from './test-kafka.js';

/** The timeout of 30 s, up to 10 s until the broker looks again, and as much again for a busy machine. */
const TIMED_OUT_MS = 80_000;

/** Resolves when the broker has given up a transaction begun now: so long a relay must be held to be past its timeout. */
export async function transactionTimeout(kafka: TestKafka): Promise<void> {
  const topic = await createTopic(kafka);
  const connection = { brokers: kafka.brokers, clientId: 'test', requestTimeout: 10_000 };
  const producer = await TransactionalProducer.fence(connection, uniqueName('held'));
  try {
    await producer.send(topic, [{ key: 'x', value: Buffer.from('never committed'), headers: {} }]);
    await abortedByBroker(kafka, topic);
  } finally {
    await producer.close();
    await deleteTopics(kafka, [topic]);
  }
}

/** Resolves when the broker has aborted the transaction that is open in a topic, as its marker behind the records tells. */
export async function abortedByBroker(kafka: TestKafka, topic: string): Promise<void> {
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  try {
    const end = async (): Promise<string> => (await admin.fetchTopicOffsets(topic))[0]!.high;
    const open = await end();
    await until(async () => (await end()) !== open, TIMED_OUT_MS);
  } finally {
    await admin.disconnect();
  }
}
