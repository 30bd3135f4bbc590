import { largestEvents } from './testing/largest-events.js';
import { jobSealer, KAFKA_BATCH, sizeInKafka } from './testing/size-in-kafka.js';

describe('what is appended at once, for ten thousand resources of the longest names,', () => {
  const largest = largestEvents(jobSealer().sealer);

  it.each(Object.keys(largest))('is no more than Kafka takes: %s', async (what) => {
    const sizes = (await largest[what]!()).map(sizeInKafka);
    expect(Math.max(...sizes)).toBeLessThan(KAFKA_BATCH);
  });
});
