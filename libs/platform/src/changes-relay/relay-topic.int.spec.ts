import { createTopic, deleteTopics, kafkaClient } from '../../../../test/support/kafka/client.js';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { TestFeed, upTo } from './testing/test-feed.js';

const SETTINGS = { 'message.timestamp.type': 'LogAppendTime' };

describeWithKafka('The topic of the changes', (kafka) => {
  let feed: TestFeed;
  beforeEach(async () => {
    feed = await TestFeed.open(kafka);
  });
  afterEach(() => feed.close());

  const publish = async (count: number, last: number): Promise<void> => {
    await feed.append(count);
    const relay = feed.start();
    await feed.reached(last);
    await relay.close();
  };

  /** As the broker does when a topic's time is over. */
  const removeRecords = async (): Promise<void> => {
    const { topic } = feed.options;
    const admin = kafkaClient(kafka).admin();
    await admin.connect();
    try {
      const [{ high } = { high: '0' }] = await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: high }] });
    } finally {
      await admin.disconnect();
    }
  };

  it('may keep changes for a time only, and goes on where all of them are gone', async () => {
    await createTopic(kafka, { name: feed.options.topic, settings: { ...SETTINGS, 'retention.ms': '604800000' } });
    await publish(5, 5);
    await removeRecords();
    await publish(5, 10);
    expect(await feed.numbers()).toEqual(upTo(10, 6));
  });

  it('gets all changes again when it was deleted', async () => {
    await publish(5, 5);
    await deleteTopics(kafka, [feed.options.topic]);
    await publish(5, 10);
    expect(await feed.numbers()).toEqual(upTo(10));
  });

  it('gets smaller batches where it takes no large ones', async () => {
    await createTopic(kafka, { name: feed.options.topic, settings: { ...SETTINGS, 'max.message.bytes': '50000' } });
    await publish(1000, 1000);
    expect(await feed.numbers()).toEqual(upTo(1000));
  });
});
