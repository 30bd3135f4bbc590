import { kafkaClient, type KafkaConnection } from './kafka-client.js';

/** The brokers cannot be used; the message says which ones, why, and the way out. */
export class KafkaUnreachable extends Error {
  override readonly name = 'KafkaUnreachable';
}

/**
 * Makes sure that one of the brokers answers and lets this server in.
 * @throws KafkaUnreachable
 */
export async function expectKafka(connection: KafkaConnection): Promise<void> {
  const admin = kafkaClient(connection).admin();
  try {
    await admin.connect();
  } catch (error) {
    throw new KafkaUnreachable(messageOf(error as Error, connection), { cause: error });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function messageOf({ name, message }: Error, { brokers }: KafkaConnection): string {
  const where = `Kafka at ${brokers.join(', ')}`;
  if (name.startsWith('KafkaJSSASL')) {
    return `${where} does not let this server in: ${message}. Correct "Annal.EventLog.Sasl", or give this user rights there`;
  }
  return `${where} does not answer: ${message}. Start it there, or correct "Annal.EventLog.Brokers" and "Tls"`;
}
