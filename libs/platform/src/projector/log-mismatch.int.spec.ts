import { randomUUID } from 'node:crypto';
import type { EventEnvelope } from '@annal/domain';
import { createTopic, deleteTopics, kafkaClient } from '../../../../test/support/kafka/client.js';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { KafkaProjection } from '../../../../test/support/kafka/kafka-projection.js';
import { openTestKafkaLog } from '../../../../test/support/kafka/test-kafka-log.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { parkedEvents } from './parking.js';

const instance = (n: number): EventEnvelope =>
  storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${n}` });

describeWithKafka('A projector refuses, loudly, to go on with', (kafka) => {
  let test: KafkaProjection;
  beforeEach(async () => {
    test = await KafkaProjection.open(kafka);
    for (let n = 0; n < 4; n++) await test.log.append([instance(n)]);
  });
  afterEach(() => test.close());

  const fold = async (): Promise<void> => {
    const projector = test.start();
    await test.folded();
    await projector.stop();
  };
  const expectRefusal = async (reason: RegExp): Promise<void> => {
    const before = await dumpReadModels(test.session);
    const projector = test.start();
    await test.complaint(reason);
    // whatever comes next does not change that
    const second = test.start();
    await second.stop();
    await projector.stop();
    expect(await dumpReadModels(test.session)).toEqual(before);
    expect(await parkedEvents(test.session)).toEqual([]);
  };
  const cut = async (upTo: number): Promise<void> => {
    const admin = kafkaClient(kafka).admin();
    await admin.connect();
    try {
      const partitions = [{ partition: 0, offset: String(upTo) }];
      // it must know the topic's leader before it can delete
      await admin.fetchTopicOffsets(test.source.options.topic);
      await admin.deleteTopicRecords({ topic: test.source.options.topic, partitions });
    } finally {
      await admin.disconnect();
    }
  };

  it('a log that is shorter than what is folded', async () => {
    await fold();
    await test.session.execute('UPDATE folded_position SET "offset" = "offset" + 3');
    await expectRefusal(/The event log ends at 4, but the read models are folded up to 7/);
  });

  it('another log', async () => {
    await fold();
    const other = randomUUID();
    await test.session.execute(`UPDATE folded_position SET log_id = '${other}'`);
    await test.log.append([instance(9)]);
    await expectRefusal(new RegExp(`made from the event log ${other}, but this one is ${test.log.logId}`));
  });

  it('a log that was made anew under the same name and is longer by now, also while it runs', async () => {
    const projector = test.start();
    await test.folded();
    const before = await dumpReadModels(test.session);
    const { topic } = test.source.options;
    await deleteTopics(kafka, [topic, `${topic}.control`]);
    const anew = await openTestKafkaLog(kafka, { topic });
    for (let n = 0; n < 8; n++) await anew.log.append([instance(100 + n)]);
    await test.complaint(new RegExp(`made from the event log ${test.log.logId}, but this one is ${anew.log.logId}`));
    await projector.stop();
    expect(await dumpReadModels(test.session)).toEqual(before);
    await anew.close();
  });

  it.each([
    ['behind what is folded', 3],
    ['beyond what is folded', 7],
    ['at its end', 9],
  ])('a log whose beginning was cut %s', async (_where, upTo) => {
    await fold();
    for (let n = 10; n < 14; n++) await test.log.append([instance(n)]);
    await cut(upTo);
    await expectRefusal(/The beginning of the event log is gone/);
    await expect(test.source.another()).rejects.toThrow(/The beginning of the event log is gone/);
  });

  it('a topic that is no event log', async () => {
    await deleteTopics(kafka, [test.source.options.topic]);
    await createTopic(kafka, { name: test.source.options.topic });
    await test.write({ key: null, value: Buffer.from('hello'), headers: {} });
    await expectRefusal(/no event log: it does not begin with LogCreated/);
  });
});
