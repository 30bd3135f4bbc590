/** A Kafka that tests use. */
export interface TestKafka {
  /** host:port of each broker, without encryption and login */
  readonly brokers: readonly string[];
}

/**
 * The Kafka that the tests of a run share, started when first asked for: the one at `ANNAL_TEST_KAFKA_BROKERS`, else one
 * in a container, else a process of this machine's Java. Undefined where none is to be had; the run says why.
 * @throws where none is to be had in CI
 */
export async function testKafka(): Promise<TestKafka | undefined> {
  const brokers = await ask('broker');
  return brokers === undefined ? undefined : { brokers: brokers.split(',') };
}

/** The jars from which a test starts a KafkaBroker; otherwise as `testKafka`. */
export function kafkaJars(): Promise<string | undefined> {
  return ask('jars');
}

/** Asks jest's global setup (test/setup/kafka.mjs). */
async function ask(what: string): Promise<string | undefined> {
  const starter = process.env.ANNAL_TEST_KAFKA_STARTER;
  if (!starter) throw new Error('Tests with Kafka run under jest with the configuration of this repository');
  const response = await fetch(new URL(what, starter));
  const text = await response.text();
  if (response.ok) return text;
  if (process.env.CI === 'true') throw new Error(`No Kafka for tests: ${text}`);
  return undefined;
}
