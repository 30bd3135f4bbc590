import { KafkaBroker, type KafkaBrokerOptions } from './broker.js';
import { kafkaJars } from './test-kafka.js';

const jars = await kafkaJars();

/** Starts a broker, which the test must `remove`. */
export type StartBroker = (options?: KafkaBrokerOptions) => Promise<KafkaBroker>;

/**
 * Describes tests that start three brokers of their own, which replicate to each other. Where none can be started they are
 * reported as skipped, and in CI the file fails.
 */
export function describeWithOwnBrokers(name: string, tests: (start: () => Promise<KafkaBroker[]>) => void): void {
  describeWithOwnBroker(name, () => tests(() => KafkaBroker.startCluster(3, jars!)));
}

/** As {@link describeWithOwnBrokers}, of a broker alone. */
export function describeWithOwnBroker(name: string, tests: (start: StartBroker) => void): void {
  const start: StartBroker = (options = {}) => KafkaBroker.start(options, jars!);
  (jars === undefined ? describe.skip : describe)(name, () => tests(start));
}
