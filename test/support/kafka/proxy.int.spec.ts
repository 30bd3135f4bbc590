import { type Kafka } from 'kafkajs';
import { until } from '../processes.js';
import { TcpProxy } from '../tcp-proxy.js';
import { type KafkaBroker } from './broker.js';
import { createTopic, kafkaClient, uniqueName } from './client.js';
import { describeWithOwnBroker } from './describe-with-own-broker.js';
import { readTopic, send } from './records.js';
import { RequestFilter } from './request-filter.js';

describeWithOwnBroker('A proxy before a broker', (start) => {
  const filter = new RequestFilter();
  let proxy: TcpProxy;
  let broker: KafkaBroker;
  let topic: string;
  /** goes through the proxy */
  let patient: Kafka;
  /** goes through the proxy, and gives up soon: also what a broker does for the first time, if that takes it long */
  let hasty: Kafka;
  beforeAll(async () => {
    proxy = await TcpProxy.listen(filter.tap);
    broker = await start({ proxied: proxy.address });
    proxy.forwardTo(broker.upstream);
  });
  beforeEach(async () => {
    topic = await createTopic(broker);
    patient = kafkaClient({ brokers: [proxy.address] });
    hasty = kafkaClient({ brokers: [proxy.address] }, { requestTimeout: 500, retry: { retries: 0 } });
  });
  afterEach(() => {
    filter.loseNothing();
    proxy.pass();
  });
  afterAll(async () => {
    await broker?.remove();
    await proxy?.close();
  });

  it('lets clients and broker talk', async () => {
    await send(broker, topic, ['value'], patient);
    expect(await readTopic(broker, topic, patient)).toEqual(['value']);
  });

  it('swallows answers: the client gives up, and its record is in the log', async () => {
    await send(broker, topic, ['first'], patient);
    const producer = hasty.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'answered' }] });
    await Promise.all([
      proxy.swallowAnswers(),
      expect(producer.send({ topic, messages: [{ value: 'not answered' }] })).rejects.toThrow(/timed out/),
    ]);
    proxy.pass();
    await producer.disconnect();
    expect(await readTopic(broker, topic)).toEqual(['first', 'answered', 'not answered']);
  });

  it('loses the answer to the end of a transaction alone: what was written is committed', async () => {
    // the first transaction of a broker begins only at a repeat
    const repeating = kafkaClient({ brokers: [proxy.address] }, { requestTimeout: 500 });
    const producer = repeating.producer({ transactionalId: uniqueName(), maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'committed' }] });
    await Promise.all([filter.loseAnswers('EndTxn'), expect(transaction.commit()).rejects.toThrow()]);
    await producer.disconnect();
    expect(await readTopic(broker, topic)).toEqual(['committed']);
  });

  it('loses a request: nothing is in the log', async () => {
    await send(broker, topic, ['first'], patient);
    await Promise.all([
      filter.loseRequests('Produce'),
      expect(send(broker, topic, ['lost'], hasty)).rejects.toThrow(/timed out/),
    ]);
    expect(await readTopic(broker, topic)).toEqual(['first']);
  });

  it('holds what is said until it may pass', async () => {
    await send(broker, topic, ['before'], patient);
    proxy.hold();
    const sent = send(broker, topic, ['held'], patient);
    await until(() => proxy.connections > 0);
    expect(await readTopic(broker, topic)).toEqual(['before']);
    proxy.pass();
    await sent;
    expect(await readTopic(broker, topic)).toEqual(['before', 'held']);
  });

  it('cuts connections, and refuses them until they may pass', async () => {
    await send(broker, topic, ['first'], patient);
    const producer = hasty.producer();
    await producer.connect();
    proxy.refuse();
    await expect(producer.send({ topic, messages: [{ value: 'refused' }] })).rejects.toThrow();
    await until(() => proxy.connections === 0);
    proxy.pass();
    await send(broker, topic, ['passed']);
    await producer.disconnect();
    expect(await readTopic(broker, topic)).toEqual(['first', 'passed']);
  });
});
