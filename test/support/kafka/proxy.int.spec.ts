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
  /** goes through the proxy, and gives up soon */
  let client: Kafka;
  beforeAll(async () => {
    proxy = await TcpProxy.listen(filter.tap);
    broker = await start({ proxied: proxy.address });
    proxy.forwardTo(broker.upstream);
  });
  beforeEach(async () => {
    topic = await createTopic(broker);
    client = kafkaClient({ brokers: [proxy.address] }, { requestTimeout: 500, retry: { retries: 0 } });
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
    await send(broker, topic, ['value'], client);
    expect(await readTopic(broker, topic, kafkaClient({ brokers: [proxy.address] }))).toEqual(['value']);
  });

  it('swallows answers: the client gives up, and its record is in the log', async () => {
    const producer = client.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'answered' }] });
    const swallowed = proxy.swallowAnswers();
    await expect(producer.send({ topic, messages: [{ value: 'not answered' }] })).rejects.toThrow(/timed out/);
    await swallowed;
    proxy.pass();
    await producer.disconnect();
    expect(await readTopic(broker, topic)).toEqual(['answered', 'not answered']);
  });

  it('loses the answer to the end of a transaction alone: what was written is committed', async () => {
    // the first transaction of a broker begins only at a repeat
    const patient = kafkaClient({ brokers: [proxy.address] }, { requestTimeout: 500 });
    const producer = patient.producer({ transactionalId: uniqueName(), maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'committed' }] });
    const lost = filter.loseAnswers('EndTxn');
    await expect(transaction.commit()).rejects.toThrow();
    await lost;
    await producer.disconnect();
    expect(await readTopic(broker, topic)).toEqual(['committed']);
  });

  it('loses a request: nothing is in the log', async () => {
    const lost = filter.loseRequests('Produce');
    await expect(send(broker, topic, ['lost'], client)).rejects.toThrow(/timed out/);
    await lost;
    expect(await readTopic(broker, topic)).toEqual([]);
  });

  it('holds what is said until it may pass', async () => {
    await send(broker, topic, ['before'], client);
    proxy.hold();
    const sent = send(broker, topic, ['held'], kafkaClient({ brokers: [proxy.address] }));
    await until(() => proxy.connections > 0);
    expect(await readTopic(broker, topic)).toEqual(['before']);
    proxy.pass();
    await sent;
    expect(await readTopic(broker, topic)).toEqual(['before', 'held']);
  });

  it('cuts connections, and refuses them until they may pass', async () => {
    const producer = client.producer();
    await producer.connect();
    proxy.refuse();
    await expect(producer.send({ topic, messages: [{ value: 'refused' }] })).rejects.toThrow();
    await until(() => proxy.connections === 0);
    proxy.pass();
    await send(broker, topic, ['passed']);
    await producer.disconnect();
    expect(await readTopic(broker, topic)).toEqual(['passed']);
  });
});
