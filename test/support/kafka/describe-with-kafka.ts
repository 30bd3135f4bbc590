import { type TestKafka, testKafka } from './test-kafka.js';

const kafka = await testKafka();

/**
 * Describes tests that use the shared Kafka. Where there is none they are reported as skipped, and in CI the file fails.
 * @param tests must not use its argument but in tests and hooks
 */
export function describeWithKafka(name: string, tests: (kafka: TestKafka) => void): void {
  (kafka ? describe : describe.skip)(name, () => tests(kafka ?? { brokers: [] }));
}
