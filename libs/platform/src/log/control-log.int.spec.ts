import type { ControlLog, Skip } from '@annal/domain';
import { createTopic, deleteTopics } from '../../../../test/support/kafka/client.js';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { send } from '../../../../test/support/kafka/records.js';
import { migrate } from '../postgres/migrate.js';
import { openTestDatabase } from '../postgres/testing/test-database.js';
import { KafkaControlLog } from './kafka/kafka-control-log.js';
import { PostgresControlLog } from './postgres-control-log.js';

const skip = (offset: number): Skip => ({
  offset,
  eventId: `event-${offset}`,
  reason: `it's "poison"; DROP TABLE`,
  actor: { protocol: 'system', user: 'root' },
  time: '2026-11-21T13:09:41.123Z',
});

function describeContract(
  name: string,
  open: () => Promise<{ log: ControlLog; other: ControlLog; close: () => Promise<void> }>,
): void {
  describe(name, () => {
    it('tells every process what was decided, in full', async () => {
      const { log, other, close } = await open();
      try {
        expect(await log.skips()).toEqual([]);
        await log.skip(skip(3));
        expect(await other.skips()).toEqual([skip(3)]);
        await other.skip(skip(7));
        for (const each of [log, other]) expect(await each.skips()).toEqual([skip(3), skip(7)]);
      } finally {
        await close();
      }
    });
  });
}

describeContract('operators’ decisions beside a log in PostgreSQL', async () => {
  const database = await openTestDatabase();
  await migrate(database.connection);
  const [log, other] = [new PostgresControlLog(database.connection), new PostgresControlLog(database.connection)];
  const close = async (): Promise<void> => {
    await Promise.all([log.close(), other.close()]);
    await database.close();
  };
  return { log, other, close };
});

describeWithKafka('With Kafka', (kafka) => {
  const connection = (): ConstructorParameters<typeof KafkaControlLog>[0] => ({
    brokers: kafka.brokers,
    clientId: 'test',
    requestTimeout: 10_000,
  });

  describeContract('operators’ decisions beside a log in Kafka', async () => {
    const topic = await createTopic(kafka);
    const [log, other] = [new KafkaControlLog(connection(), topic), new KafkaControlLog(connection(), topic)];
    const close = async (): Promise<void> => {
      await Promise.all([log.close(), other.close()]);
      await deleteTopics(kafka, [topic]);
    };
    return { log, other, close };
  });

  it('what somebody else wrote into the topic decides nothing', async () => {
    const topic = await createTopic(kafka);
    const log = new KafkaControlLog(connection(), topic);
    try {
      await send(kafka, topic, ['hello', 'null', '{"offset": "3"}', '[]']);
      await log.skip(skip(4));
      expect(await log.skips()).toEqual([skip(4)]);
    } finally {
      await log.close();
      await deleteTopics(kafka, [topic]);
    }
  });
});
