import { AppendRefused } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { logCreated } from '../../../../test/support/log-created.js';
import { until } from '../../../../test/support/processes.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { TcpProxy } from '../../../../test/support/tcp-proxy.js';
import { migrate } from '../postgres/migrate.js';
import { Session } from '../postgres/session.js';
import { openTestDatabase, type TestDatabase } from '../postgres/testing/test-database.js';
import { PostgresEventLog } from './postgres-event-log.js';

const instance = (n: number): ReturnType<typeof storedEvent> =>
  storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${n}` });

describe('an append that waits for a lock when its connection breaks', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let log: PostgresEventLog;
  let blocker: Session;
  let administrator: Session;

  beforeEach(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    proxy = await TcpProxy.listen();
    const url = new URL(database.url);
    proxy.forwardTo(Number(url.port));
    url.host = proxy.address;
    log = await PostgresEventLog.open({ connectionString: url.href }, logCreated, uuidv7(), {
      recoveryTimeout: 20_000,
    });
    blocker = new Session(database.connection, 'blocker');
    administrator = new Session(database.connection, 'administrator');
  });
  afterEach(async () => {
    await Promise.all([blocker.reset(), administrator.reset()]);
    await log.close();
    await proxy.close();
    await database.close();
  });

  const waiting = async (): Promise<number> => {
    const [rows = []] = await administrator.execute(`SELECT 1 FROM pg_stat_activity
      WHERE application_name = 'annal log writer' AND wait_event_type = 'Lock' AND datname = current_database()`);
    return rows.length;
  };

  it('is not there later where it was said not to be', async () => {
    await log.append([instance(1)]);
    const { offset } = await log.end();
    await blocker.execute('BEGIN; LOCK TABLE annal_index.instances IN ACCESS EXCLUSIVE MODE');
    const appending = log.append([instance(2)]);
    const refused = expect(appending).rejects.toThrow(AppendRefused);
    await until(async () => (await waiting()) === 1);
    proxy.cut();
    // nobody waits for the lock when this is said, so that nothing is appended once it is gone
    await until(async () => (await waiting()) === 0);
    await blocker.execute('ROLLBACK');
    await refused;
    expect((await log.end()).offset).toBe(offset);
    await log.append([instance(3)]);
    expect((await log.end()).offset).toBe(offset + 1);
  });
});
