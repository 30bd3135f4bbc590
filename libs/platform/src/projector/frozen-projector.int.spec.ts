import { openTestDatabase, type TestDatabase } from '../postgres/testing/test-database.js';
import { until } from '../../../../test/support/processes.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { type Tap, TcpProxy } from '../../../../test/support/tcp-proxy.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { TestProjection } from '../../../../test/support/test-projection.js';
import { PostgresControlLog } from '../log/postgres-control-log.js';
import { migrate } from '../postgres/migrate.js';

describe('a projector that freezes in the midst of a transaction', () => {
  let source: TestLog;
  let database: TestDatabase;
  let projection: TestProjection;
  let proxy: TcpProxy;
  let freezing = false;
  let frozen = false;

  /** Holds what a client says for good once it is about to commit. */
  const holdCommits = (): Tap => ({
    fromClient: (chunk) => {
      frozen ||= freezing && chunk.includes('COMMIT');
      return frozen ? Buffer.alloc(0) : chunk;
    },
    fromServer: (chunk) => chunk,
  });

  beforeEach(async () => {
    source = await openTestLog();
    database = await openTestDatabase();
    await migrate(database.connection);
    projection = new TestProjection(database.connection, source.log, new PostgresControlLog(database.connection));
    proxy = await TcpProxy.listen(holdCommits);
    proxy.forwardTo(Number(new URL(database.url).port));
  });
  afterEach(async () => {
    await proxy.close();
    await projection.close();
    await source.close();
    await database.close();
  });

  it('does not keep the next one from folding, and counts nothing twice when it comes back', async () => {
    const url = new URL(database.url);
    url.host = proxy.address;
    const first = projection.start({ database: { connectionString: url.href } });
    await until(() => first.state === 'folding');
    await projection.folded();
    freezing = true;
    await source.log.submit([storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' })]);
    await until(() => frozen);
    const second = projection.start();
    await projection.folded();
    expect(second.state).toBe('folding');
    freezing = frozen = false;
    proxy.cut();
    await until(() => first.state === 'standby');
    expect(await dumpReadModels(projection.session)).toEqual(await dumpReadModels(source.session));
  });
});
