import { existsSync } from 'node:fs';
import '../typescript.mjs';

const IMAGE = 'apache/kafka:4.0.0';
const DOCKER_SOCKET = '/var/run/docker.sock';

/**
 * The Kafka that tests share: the one at `ANNAL_TEST_KAFKA_BROKERS` (host:port,...), else one in a container where an
 * engine answers, else a process of this machine's Java.
 * @returns {Promise<{ brokers: string, stop(): Promise<void> }>}
 */
export async function startTestKafka() {
  const given = process.env.ANNAL_TEST_KAFKA_BROKERS;
  if (given) return { brokers: given, stop: async () => undefined };
  if (process.env.DOCKER_HOST || existsSync(DOCKER_SOCKET)) {
    try {
      return await startContainer();
    } catch (error) {
      console.warn(`No Kafka in a container (${error.message}): tests start one from its jars`);
    }
  }
  const { KafkaBroker } = await import('../../support/kafka/broker.ts');
  const { kafkaJars } = await import('./jars.ts');
  const broker = await KafkaBroker.start({}, await kafkaJars());
  return { brokers: broker.brokers.join(','), stop: () => broker.remove() };
}

async function startContainer() {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  const { freePort } = await import('../../support/free-ports.ts');
  const { sharedSettings } = await import('../../support/kafka/server-properties.ts');
  const client = await getContainerRuntimeClient();
  const { host } = client.info.containerRuntime;
  // the broker tells clients its address, so that must be known before it starts
  const port = await freePort();
  const properties = {
    ...sharedSettings(),
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': '1@127.0.0.1:9093',
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://:${port},CONTROLLER://127.0.0.1:9093`,
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  };
  const environment = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value]),
  );
  const container = await new GenericContainer(IMAGE)
    .withEnvironment(environment)
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .start();
  return { brokers: `${host}:${port}`, stop: () => container.stop() };
}
