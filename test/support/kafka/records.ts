import { type Kafka } from 'kafkajs';
import { untilSettled } from '../../../libs/platform/src/kafka/settled.js';
import { kafkaClient, uniqueName } from './client.js';
import { type TestKafka } from './test-kafka.js';

/** Appends records to partition 0 of a topic; resolves when all are acknowledged. */
export async function send(
  kafka: TestKafka,
  topic: string,
  values: readonly string[],
  client: Kafka = kafkaClient(kafka),
): Promise<void> {
  const producer = client.producer({ allowAutoTopicCreation: false });
  try {
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value, partition: 0 })) });
  } finally {
    await producer.disconnect();
  }
}

/** Reads the values of all committed records of a topic, up to what is its end now; in order within a partition. */
export async function readTopic(
  kafka: TestKafka,
  topic: string,
  client: Kafka = kafkaClient(kafka),
): Promise<string[]> {
  const ends = await endOffsets(client, topic);
  const values: string[] = [];
  if (ends.size === 0) return values;
  const consumer = client.consumer({ groupId: uniqueName(), allowAutoTopicCreation: false });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((done, fail) => {
      // what it tries again by itself, such as a group whose broker has just started, is no failure
      consumer.on(consumer.events.CRASH, ({ payload }) => void (payload.restart || fail(payload.error)));
      const running = consumer.run({
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages) values.push(value?.toString() ?? '');
          // control records of transactions count, though they are not shown
          if (BigInt(batch.lastOffset()) + 1n >= (ends.get(batch.partition) ?? 0n)) ends.delete(batch.partition);
          if (ends.size === 0) done();
        },
        eachBatchAutoResolve: true,
      });
      running.catch(fail);
    });
  } finally {
    await consumer.disconnect();
  }
  return values;
}

/** The end of each partition that has records. */
async function endOffsets(client: Kafka, topic: string): Promise<Map<number, bigint>> {
  const admin = client.admin();
  try {
    await admin.connect();
    // a broker that has just started may not lead its partitions yet
    const offsets = await untilSettled(() => admin.fetchTopicOffsets(topic));
    return new Map(
      offsets
        .filter(({ low, high }) => BigInt(high) > BigInt(low))
        .map(({ partition, high }) => [partition, BigInt(high)]),
    );
  } finally {
    await admin.disconnect();
  }
}
