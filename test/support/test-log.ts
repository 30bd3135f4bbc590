import { envelope, type EventEnvelope, type LogCreated } from '@annal/domain';
import { migrate, PostgresEventLog, Session } from '@annal/platform';
import { v7 as uuidv7 } from 'uuid';
import { openTestDatabase, type TestDatabase } from '../../libs/platform/src/postgres/testing/test-database.js';
import { testContext } from './stored-event.js';

/** A migrated database with an open log. */
export interface TestLog {
  readonly database: TestDatabase;
  readonly log: PostgresEventLog;
  /** A session on the live read models. */
  readonly session: Session;
  /** Another writer of the same log, as another process would be. */
  another(): Promise<PostgresEventLog>;
  close(): Promise<void>;
}

export async function openTestLog(): Promise<TestLog> {
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

/** The first event of a log of a test. */
export function logCreated(logId: string): EventEnvelope<LogCreated> {
  return envelope<LogCreated>({ type: 'annal.log.created.v1', data: { logId } }, 'log', testContext());
}
