import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { abortedByBroker, transactionTimeout } from '../../../../test/support/kafka/transaction-timeout.js';
import { Gate, TestFeed, upTo } from './testing/test-feed.js';

describeWithKafka('A relay of the changes that is held for longer than transactions may last', (kafka) => {
  let feed: TestFeed;
  beforeEach(async () => {
    feed = await TestFeed.open(kafka);
  });
  afterEach(() => feed.close());

  it.each(['relay:before-commit', 'relay:after-commit'] as const)(
    'at %s publishes nothing twice when it goes on beside its successor, and takes over from it',
    async (point) => {
      await feed.append(1500);
      const gate = new Gate(point);
      const first = feed.start(gate.passing);
      await gate.reached;
      const second = feed.start();
      await feed.reached(1500);
      await transactionTimeout(kafka);
      await feed.append(10);
      await feed.reached(1510);
      gate.open();
      await feed.append(10);
      await feed.reached(1520);
      await second.close();
      await feed.append(10);
      await feed.reached(1530);
      await first.close();
      expect(await feed.numbers()).toEqual(upTo(1530));
    },
  );

  it('publishes nothing twice when the broker gave its transaction up before its successor came', async () => {
    await feed.append(1500);
    const gate = new Gate('relay:before-commit');
    feed.start(gate.passing);
    await gate.reached;
    await abortedByBroker(kafka, feed.options.topic);
    const second = feed.start();
    await feed.reached(1500);
    gate.open();
    await feed.append(10);
    await feed.reached(1510);
    await second.close();
    await feed.append(10);
    await feed.reached(1520);
    expect(await feed.numbers()).toEqual(upTo(1520));
  });

  it('publishes nothing twice when the broker gave its transaction up and nobody took its place', async () => {
    await feed.append(1500);
    const gate = new Gate('relay:before-commit');
    feed.start(gate.passing);
    await gate.reached;
    await abortedByBroker(kafka, feed.options.topic);
    gate.open();
    await feed.append(10);
    await feed.reached(1510);
    expect(await feed.numbers()).toEqual(upTo(1510));
  });
});
