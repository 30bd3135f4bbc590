import { createTopic, kafkaClient } from './client.js';
import { type KafkaBroker } from './broker.js';
import { describeWithOwnBroker } from './describe-with-own-broker.js';
import { readTopic, send } from './records.js';

describeWithOwnBroker('A broker of a test', (start) => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker?.remove());

  it('keeps what it acknowledged when it is killed and started again', async () => {
    const topic = await createTopic(broker);
    await send(broker, topic, ['before']);
    await broker.kill();
    await broker.restart();
    await send(broker, topic, ['after']);
    expect(await readTopic(broker, topic)).toEqual(['before', 'after']);
  });

  it('keeps its data when it ends in order', async () => {
    const topic = await createTopic(broker);
    await send(broker, topic, ['before']);
    await broker.stop();
    await broker.restart();
    expect(await readTopic(broker, topic)).toEqual(['before']);
  });

  it('does not answer while it is frozen', async () => {
    const topic = await createTopic(broker);
    broker.freeze();
    try {
      const client = kafkaClient(broker, { requestTimeout: 500, retry: { retries: 0 } });
      await expect(send(broker, topic, ['during'], client)).rejects.toThrow();
    } finally {
      broker.thaw();
    }
    await send(broker, topic, ['after']);
    expect(await readTopic(broker, topic)).toContain('after');
  });
});
