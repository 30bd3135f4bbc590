import { startTestKafka } from './kafka/server.mjs';
import { onDemand } from './on-demand.mjs';
import './typescript.mjs';

/**
 * Gives one Kafka to a jest run, started when the first test asks for it (testKafka), and what tests start brokers of
 * their own from (KafkaBroker). Without it the tests that need it do not run; in the end it says so again.
 * @returns {Promise<() => Promise<void>>} stops it
 */
export async function provideKafka() {
  /** @type {Set<string>} */
  const missing = new Set();
  /** @type {{ brokers: string, stop(): Promise<void> } | undefined} */
  let server;
  const orNoted = async (start) => {
    try {
      return await start();
    } catch (error) {
      if (!missing.has(error.message)) warn(error.message);
      missing.add(error.message);
      throw error;
    }
  };
  const starter = await onDemand({
    broker: () =>
      orNoted(async () => {
        server = await startTestKafka();
        return server.brokers;
      }),
    jars: () =>
      orNoted(async () => {
        const { kafkaJars } = await import('./kafka/jars.ts');
        return kafkaJars();
      }),
  });
  process.env.ANNAL_TEST_KAFKA_STARTER = starter.url;
  return async () => {
    await starter.close();
    await server?.stop();
    for (const reason of missing) warn(reason);
  };
}

function warn(reason) {
  console.warn(`\nNO KAFKA FOR TESTS: ${reason}\nTests that need it DID NOT RUN.\n`);
}
