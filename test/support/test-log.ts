import { type ArchiveLog, migrate, PostgresEventLog, Session } from '@annal/platform';
import { v7 as uuidv7 } from 'uuid';
import { openTestDatabase, type TestDatabase } from '../../libs/platform/src/postgres/testing/test-database.js';
import { openFoldedKafkaLog } from './kafka/folded-kafka-log.js';
import { testKafka } from './kafka/test-kafka.js';
import { LOG_UNDER_TEST } from './log-under-test.js';
import { logCreated } from './log-created.js';

/** A migrated database with an open log of the kind that is under test; what was appended can be read at once. */
export interface TestLog {
  readonly database: TestDatabase;
  readonly log: ArchiveLog;
  /** A session on the live read models. */
  readonly session: Session;
  /** Another writer of the same log, as another process would be. */
  another(): Promise<ArchiveLog>;
  close(): Promise<void>;
}

export async function openTestLog(): Promise<TestLog> {
  const kafka = LOG_UNDER_TEST === 'kafka' ? await testKafka() : undefined;
  return kafka ? openFoldedKafkaLog(kafka) : openPostgresLog();
}

async function openPostgresLog(): Promise<TestLog> {
  const database = await openTestDatabase();
  await migrate(database.connection);
  const open = (): Promise<PostgresEventLog> =>
    PostgresEventLog.open(database.connection, logCreated, uuidv7(), { recoveryTimeout: 20_000 });
  const logs = [await open()];
  const session = new Session(database.connection, 'test');
  return {
    database,
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
    },
  };
}
