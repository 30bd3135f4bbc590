import { type KafkaEventLog, type KafkaEventLogOptions, migrate, openKafkaLog, Session } from '@annal/platform';
import { openTestDatabase, type TestDatabase } from '../../../libs/platform/src/postgres/testing/test-database.js';
import { logCreated } from '../log-created.js';
import { deleteTopicsOf, uniqueName } from './client.js';
import type { TestKafka } from './test-kafka.js';

/** A migrated database beside an open log in a topic of its own; nobody folds it yet. */
export interface TestKafkaLog {
  readonly database: TestDatabase;
  readonly options: KafkaEventLogOptions;
  readonly log: KafkaEventLog;
  /** A session on the live read models. */
  readonly session: Session;
  /** Another writer of the same log, as another process would be. */
  another(): Promise<KafkaEventLog>;
  close(): Promise<void>;
}

export async function openTestKafkaLog(
  kafka: TestKafka,
  settings: Partial<KafkaEventLogOptions> = {},
): Promise<TestKafkaLog> {
  const database = await openTestDatabase();
  await migrate(database.connection);
  const options: KafkaEventLogOptions = {
    connection: { brokers: kafka.brokers, clientId: 'test', requestTimeout: 10_000 },
    topic: uniqueName('events'),
    writerTimeout: 20_000,
    visibilityTimeout: 20_000,
    ...settings,
  };
  const open = (): Promise<KafkaEventLog> =>
    openKafkaLog(database.connection, options, { replication: 1, minInSync: 1 }, logCreated);
  const logs = [await open()];
  const session = new Session(database.connection, 'test');
  return {
    database,
    options,
    log: logs[0]!,
    session,
    another: async () => {
      const log = await open();
      logs.push(log);
      return log;
    },
    close: async () => {
      await Promise.all(logs.map((log) => log.close()));
      await session.reset();
      await database.close();
      await deleteTopicsOf(kafka, options.topic);
    },
  };
}
