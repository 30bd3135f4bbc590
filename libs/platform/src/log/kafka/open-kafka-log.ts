import { AppendUnknown, type EventEnvelope, type LogCreated } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { kafkaClient } from '../../kafka/kafka-client.js';
import { expectKafka } from '../../kafka/reachable.js';
import { ensureTopic, type TopicRequirements } from '../../kafka/kafka-topic.js';
import type { DatabaseConfig } from '../../postgres/connection.js';
import { Session } from '../../postgres/session.js';
import { madeFrom } from '../made-from.js';
import { KafkaEventLog, type KafkaEventLogOptions, logIdOf } from './kafka-event-log.js';
import { controlTopic } from './kafka-settings.js';

/** Held while a log is opened, so that it gets exactly one first event. */
const OPENING = 0x6b6c6f67;

/**
 * Opens the log in Kafka: creates its topics where they are missing, checks them where they are there, and gives an empty
 * log its first event.
 * @param create makes that first event
 * @throws KafkaUnreachable, UnsafeTopic, NoEventLog
 */
export async function openKafkaLog(
  database: DatabaseConfig,
  options: KafkaEventLogOptions,
  replication: Omit<TopicRequirements, 'name'>,
  create: (logId: string) => EventEnvelope<LogCreated>,
): Promise<KafkaEventLog> {
  const { connection, topic } = options;
  const session = new Session(database, 'log opener', { once: true });
  try {
    await session.execute(`SELECT pg_advisory_lock(${OPENING})`);
    await expectKafka(connection);
    const client = kafkaClient(connection);
    await ensureTopic(client, { name: topic, missing: await whyToBeThere(session, topic), ...replication });
    const known = await logIdOf(connection, topic);
    const control = controlTopic(topic);
    await ensureTopic(client, { name: control, missing: known && whyControl(control, topic), ...replication });
    const logId = known ?? (await createLog(database, options, create));
    return KafkaEventLog.attach(database, options, logId);
  } finally {
    await session.reset();
  }
}

/** An empty log in the place of one that was lost or is called otherwise would take in new events and hide the old ones. */
async function whyToBeThere(session: Session, topic: string): Promise<string | undefined> {
  const made = await madeFrom(session);
  const [[feed] = []] = await session.execute('SELECT EXISTS (SELECT 1 FROM annal_log.change_feed) AS begun');
  if (made === undefined && feed!.begun !== true) return undefined;
  const from =
    made === undefined ? 'there are changes of an event log' : `the read models were made from the event log ${made}`;
  return `Topic ${topic} is not there, but ${from}: restore it, or correct "Annal.EventLog.Topic"`;
}

/** Without what operators ruled out, no rebuild would get past it. */
function whyControl(control: string, topic: string): string {
  return (
    `Topic ${control} is not there, but topic ${topic} has events: restore it, as it has what operators ruled out. ` +
    `If it is lost: kafka-topics.sh --create --topic ${control} --partitions 1, and then rule out anew what annal rebuild names`
  );
}

async function createLog(
  database: DatabaseConfig,
  options: KafkaEventLogOptions,
  create: (logId: string) => EventEnvelope<LogCreated>,
): Promise<string> {
  const log = KafkaEventLog.attach(database, options, uuidv7());
  try {
    await log.append([create(log.logId)]);
  } catch (error) {
    // whether it is there shows when the log is read
    if (!(error instanceof AppendUnknown)) throw error;
  } finally {
    await log.close();
  }
  const logId = await logIdOf(options.connection, options.topic);
  if (logId === undefined) throw new Error(`Nothing can be written to topic ${options.topic}`);
  return logId;
}
