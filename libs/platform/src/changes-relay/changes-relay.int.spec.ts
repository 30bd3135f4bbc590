import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { Gate, TestFeed, upTo } from './testing/test-feed.js';

describeWithKafka('The relay of the changes', (kafka) => {
  let feed: TestFeed;
  beforeEach(async () => {
    feed = await TestFeed.open(kafka);
  });
  afterEach(() => feed.close());

  it('publishes every change once and in order, also those that come later', async () => {
    await feed.append(2500);
    feed.start();
    await feed.reached(2500);
    await feed.fold(3);
    await feed.reached(2503);
    expect(await feed.numbers()).toEqual(upTo(2503));
  });

  it('finds changes that it was not told of', async () => {
    feed.start();
    await feed.fold(1);
    await feed.reached(1);
    await feed.append(1);
    await feed.reached(2);
  });

  it('goes on where it was paused, and where another one ended', async () => {
    await feed.append(5);
    const first = feed.start();
    await feed.reached(5);
    await first.pause();
    await feed.append(5);
    first.start();
    await feed.reached(10);
    await first.close();
    await feed.append(5);
    feed.start();
    await feed.reached(15);
    expect(await feed.numbers()).toEqual(upTo(15));
  });

  it.each(['relay:before-commit', 'relay:after-commit'] as const)(
    'publishes nothing twice when it was held at %s while another took its place, and goes on',
    async (point) => {
      await feed.append(1500);
      const gate = new Gate(point);
      const first = feed.start(gate.passing);
      await gate.reached;
      const second = feed.start();
      await feed.reached(1500);
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
});
