import { KafkaBroker, type KafkaBrokerOptions } from './broker.js';
import { kafkaJars } from './test-kafka.js';

const jars = await kafkaJars();

/** Starts a broker, which the test must `remove`. */
export type StartBroker = (options?: KafkaBrokerOptions) => Promise<KafkaBroker>;

/**
 * Describes tests that start brokers of their own, to kill them or to log in. Where none can be started they are
 * reported as skipped, and in CI the file fails.
 */
export function describeWithOwnBroker(name: string, tests: (start: StartBroker) => void): void {
  const start: StartBroker = (options = {}) => KafkaBroker.start(options, jars!);
  (jars === undefined ? describe.skip : describe)(name, () => tests(start));
}
