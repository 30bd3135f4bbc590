import { describeWithOwnBroker } from '../../../../test/support/kafka/describe-with-own-broker.js';
import { RequestFilter } from '../../../../test/support/kafka/request-filter.js';
import { TcpProxy } from '../../../../test/support/tcp-proxy.js';
import type { KafkaBroker } from '../../../../test/support/kafka/broker.js';
import { Gate, TestFeed, upTo } from './testing/test-feed.js';

describeWithOwnBroker('The relay of the changes', (start) => {
  const filter = new RequestFilter();
  let proxy: TcpProxy;
  let broker: KafkaBroker;
  let feed: TestFeed;
  beforeAll(async () => {
    proxy = await TcpProxy.listen(filter.tap);
    broker = await start({ proxied: proxy.address });
    proxy.forwardTo(broker.upstream);
  });
  beforeEach(async () => {
    feed = await TestFeed.open(broker);
  });
  afterEach(async () => {
    filter.loseNothing();
    proxy.pass();
    await feed.close();
  });
  afterAll(async () => {
    await broker?.remove();
    await proxy.close();
  });

  it('publishes every change once when the broker is killed again and again', async () => {
    feed.start();
    let last = 0;
    for (let round = 0; round < 3; round++) {
      await feed.fold(3000);
      last += 3000;
      await broker.kill();
      await feed.fold(1000);
      last += 1000;
      await broker.restart();
    }
    await feed.reached(last);
    expect(await feed.numbers()).toEqual(upTo(last));
  });

  it.each(['relay:before-commit', 'relay:after-commit'] as const)(
    'publishes every change once when the broker is killed at %s',
    async (point) => {
      await feed.append(1500);
      const gate = new Gate(point);
      feed.start(gate.passing);
      await gate.reached;
      await broker.kill();
      gate.open();
      await broker.restart();
      await feed.reached(1500);
      expect(await feed.numbers()).toEqual(upTo(1500));
    },
  );

  it.each(['Produce', 'EndTxn', 'AddPartitionsToTxn', 'InitProducerId'] as const)(
    'publishes every change once when answers to %s are lost',
    async (kind) => {
      const connection = { ...feed.options.connection, brokers: [proxy.address], requestTimeout: 1000 };
      const lost = filter.loseAnswers(kind);
      feed.start(undefined, { connection });
      await feed.fold(2500);
      await lost;
      filter.loseNothing();
      await feed.fold(10);
      await feed.reached(2510);
      expect(await feed.numbers()).toEqual(upTo(2510));
    },
  );
});
