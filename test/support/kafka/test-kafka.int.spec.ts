import { createTopic, deleteTopics } from './client.js';
import { describeWithKafka } from './describe-with-kafka.js';
import { readTopic, send } from './records.js';

describeWithKafka('The Kafka that tests share', (kafka) => {
  it('gives back what was sent, in order', async () => {
    const topic = await createTopic(kafka);
    try {
      await send(kafka, topic, ['one', 'two']);
      await send(kafka, topic, ['three']);
      expect(await readTopic(kafka, topic)).toEqual(['one', 'two', 'three']);
    } finally {
      await deleteTopics(kafka, [topic]);
    }
  });

  it('creates topics with partitions and settings, and nothing in an empty one', async () => {
    const topic = await createTopic(kafka, { partitions: 3, settings: { 'max.message.bytes': '2000000' } });
    try {
      expect(await readTopic(kafka, topic)).toEqual([]);
    } finally {
      await deleteTopics(kafka, [topic]);
    }
  });
});
