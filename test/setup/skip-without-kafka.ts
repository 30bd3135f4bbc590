import { testKafka } from '../support/kafka/test-kafka.js';

/** Before each file that runs with the log in Kafka: without one all its tests are skipped, and in CI the file fails. */
if (!(await testKafka())) {
  for (const block of ['describe', 'it', 'test'] as const) {
    const { skip } = globalThis[block] as jest.It;
    Object.assign(globalThis, { [block]: Object.assign(skip.bind(null), { each: skip.each, skip, only: skip }) });
  }
}
