import type { EventEnvelope, SealedJobEvent } from '@annal/domain';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { openTestKafkaLog, type TestKafkaLog } from '../../../../test/support/kafka/test-kafka-log.js';
import { largestEvents } from './testing/largest-events.js';
import { jobSealer } from './testing/size-in-kafka.js';

describeWithKafka('what is appended at once, for ten thousand resources of the longest names,', (kafka) => {
  const { keys, sealer } = jobSealer();
  const largest = largestEvents(sealer);
  let test: TestKafkaLog;
  beforeAll(async () => {
    test = await openTestKafkaLog(kafka, {
      open: (events) => keys.open(events as readonly EventEnvelope<SealedJobEvent>[]),
    });
  });
  afterAll(() => test.close());

  it.each(Object.keys(largest))('is taken by a broker whose limits nobody set: %s', async (what) => {
    for (const events of await largest[what]!()) {
      expect(await test.log.append(events)).toHaveLength(events.length);
    }
  });
});
