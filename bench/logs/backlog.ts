import { connectToRunning, KafkaEventLog, logIdOf } from '@annal/platform';
import { appendStudies, seedVault } from '../archive/seed.js';
import { lagOf, untilFolded } from './lag.js';
import { goal, type LogServers, type Row } from './table.js';

const STUDIES = 10_000;
const GOAL = 1_500;

/** A backlog written while nobody folds, and how fast it is folded then. */
export async function backlog(
  { kafka, factor, say }: LogServers,
  eventLog: { readonly Brokers: readonly string[]; readonly Topic: string },
): Promise<Row> {
  say('a backlog');
  await kafka.restart({ Annal: { EventLog: eventLog, Roles: ['api'] } });
  const database = await connectToRunning(kafka.databaseDirectory);
  const connection = { brokers: eventLog.Brokers, clientId: 'bench', requestTimeout: 10_000 };
  const options = { connection, topic: eventLog.Topic, writerTimeout: 30_000, visibilityTimeout: 30_000 };
  const vault = seedVault(database!);
  const log = KafkaEventLog.attach(
    database!,
    { ...options, open: vault.open },
    (await logIdOf(connection, eventLog.Topic))!,
  );
  await appendStudies(
    vault,
    (events) => Promise.all(events.map((event) => log.append([event]))),
    40,
    0,
    Math.ceil(STUDIES * factor),
  );
  await Promise.all([log.close(), vault.close()]);
  const events = await lagOf(kafka);
  await kafka.restart({ Annal: { EventLog: eventLog } });
  const before = await lagOf(kafka);
  const rate = before / (await untilFolded(kafka));
  return {
    name: `backlog of ${events.toLocaleString('en')} events`,
    postgres: 'folded as it is written',
    kafka: `${Math.round(rate)} events/s`,
    goal: goal('≥ 1,500/s', rate >= GOAL),
  };
}
