import { randomUUID } from 'node:crypto';
import { createTopic } from '../../../../test/support/kafka/client.js';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { send } from '../../../../test/support/kafka/records.js';
import { TestFeed, upTo } from './testing/test-feed.js';

describeWithKafka('The relay of the changes refuses', (kafka) => {
  let feed: TestFeed;
  beforeEach(async () => {
    feed = await TestFeed.open(kafka);
  });
  afterEach(() => feed.close());

  const publish = async (count: number): Promise<void> => {
    await feed.append(count);
    const relay = feed.start();
    await feed.reached(count);
    await relay.close();
  };
  const refusal = async (): Promise<string> => {
    await feed.refused();
    const [{ reason } = { reason: '' }] = (await feed.session.execute('SELECT reason FROM changes_relay'))[0] as {
      reason: string;
    }[];
    const [line = ''] = feed.logged.filter((text) => text.includes('ALARM'));
    expect(line).toContain(reason);
    return reason;
  };

  it('a topic that is ahead of the feed, until the feed has caught up', async () => {
    await publish(20);
    await feed.session.execute('DELETE FROM annal_log.change_feed WHERE seq > 15');
    feed.start();
    expect(await refusal()).toContain('it has Seq 20, the feed ends at 15');
    await feed.append(3);
    expect(await feed.numbers()).toEqual(upTo(20));
    await feed.append(4);
    await feed.reached(22);
    expect(await feed.numbers()).toEqual(upTo(22));
  });

  it.each([
    ['another resource', "resource_id = 'x'"],
    ['another type of change', 'type = 8'],
    ['another event', 'position = 77'],
  ])('a topic whose last change has %s than the feed says', async (_, difference) => {
    await publish(5);
    await feed.session.execute(`UPDATE annal_log.change_feed SET ${difference} WHERE seq = 5`);
    feed.start();
    expect(await refusal()).toContain('different histories at Seq 5');
  });

  it('the topic of another archive, and lets the relay of that one do its work', async () => {
    await publish(5);
    const rightful = feed.start();
    await feed.append(5);
    await feed.reached(10);
    const stranger = feed.start(undefined, { logId: randomUUID() });
    expect(await refusal()).toContain('the changes of the event log');
    await feed.append(5);
    await feed.reached(15);
    await Promise.all([stranger.close(), rightful.close()]);
    expect(await feed.numbers()).toEqual(upTo(15));
  });

  it('a topic that somebody else writes to', async () => {
    await publish(5);
    await send(kafka, feed.options.topic, ['{"Seq":6}']);
    feed.start();
    expect(await refusal()).toContain('somebody else writes to it');
  });

  it('a feed with a gap', async () => {
    await publish(5);
    await feed.append(5);
    await feed.session.execute('DELETE FROM annal_log.change_feed WHERE seq = 6');
    feed.start();
    expect(await refusal()).toContain('a gap behind Seq 5');
    expect(await feed.numbers()).toEqual(upTo(5));
  });

  it.each([
    ['with several partitions', { partitions: 2 }, 'has 2 partitions'],
    ['whose records it cannot read again', { settings: { 'compression.type': 'zstd' } }, 'compression.type'],
    ['that keeps only the last change of a resource', { settings: { 'cleanup.policy': 'compact' } }, 'cleanup.policy'],
  ])('a topic %s', async (_, options, words) => {
    await createTopic(kafka, { name: feed.options.topic, ...options });
    feed.start();
    expect(await refusal()).toContain(words);
  });
});
