import { createTopic, deleteTopics, uniqueName } from '../../../../test/support/kafka/client.js';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import type { KafkaConnection, KafkaRecord } from './kafka-client.js';
import { KafkaPartition, TransactionOpen } from './kafka-partition.js';
import { TransactionalProducer } from './transactional-producer.js';

describeWithKafka('The last committed record of a topic', (kafka) => {
  const connection: KafkaConnection = { brokers: kafka.brokers, clientId: 'test', requestTimeout: 10_000 };
  let topic: string;
  let id: string;
  let partition: KafkaPartition;
  beforeEach(async () => {
    topic = await createTopic(kafka);
    id = uniqueName('producer');
    partition = new KafkaPartition(connection, topic, true);
  });
  afterEach(async () => {
    await partition.close();
    await deleteTopics(kafka, [topic]);
  });

  const records = (count: number, name: string): KafkaRecord[] =>
    Array.from({ length: count }, (_, index) => ({ key: `${name}${index}`, value: Buffer.alloc(100), headers: {} }));
  const last = async (): Promise<string | undefined> => (await partition.lastCommitted())?.key?.toString();
  const use = async (producerId: string, work: (producer: TransactionalProducer) => Promise<void>): Promise<void> => {
    const producer = await TransactionalProducer.fence(connection, producerId);
    try {
      await work(producer);
    } finally {
      await producer.close();
    }
  };
  const commit = (count: number, name: string): Promise<void> =>
    use(id, async (producer) => (await producer.send(topic, records(count, name))).commit());
  const leaveOpen = (count: number, name: string, producerId = id): Promise<void> =>
    use(producerId, async (producer) => void (await producer.send(topic, records(count, name))));

  it('is none where there are none, or nothing was ever committed', async () => {
    expect(await last()).toBeUndefined();
    await leaveOpen(3, 'a');
    await use(id, async () => undefined);
    expect(await last()).toBeUndefined();
  });

  it('is the last of the last transaction', async () => {
    await commit(3, 'a');
    await commit(2, 'b');
    expect(await last()).toBe('b1');
  });

  it('is found behind transactions that were aborted, however many', async () => {
    await commit(3, 'a');
    for (let attempt = 0; attempt < 3; attempt++) await leaveOpen(1000, 'lost');
    await use(id, async () => undefined);
    expect(await last()).toBe('a2');
  });

  it('is not told while a transaction of another producer hides what comes after it', async () => {
    const other = uniqueName('other');
    await leaveOpen(1, 'x', other);
    await commit(1, 'a');
    await expect(partition.lastCommitted()).rejects.toThrow(TransactionOpen);
    await use(other, async () => undefined);
    expect(await last()).toBe('a0');
  });

  it('cannot be committed by a producer whose place another has taken', async () => {
    await use(id, async (first) => {
      const sent = await first.send(topic, records(1, 'first'));
      await commit(1, 'second');
      await expect(sent.commit()).rejects.toThrow();
      await expect(first.send(topic, records(1, 'again'))).rejects.toThrow();
    });
    expect(await last()).toBe('second0');
    const { records: all } = await partition.fetch(0, 0, 1024 * 1024);
    expect(all.map(({ key }) => key?.toString())).toEqual(['second0']);
  });
});
