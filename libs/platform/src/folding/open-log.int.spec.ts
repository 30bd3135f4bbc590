import { pino } from 'pino';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { openBlobStore } from '../blobs/open-blob-store.js';
import { TemporaryConfiguration } from '../config/testing/temporary-configuration.js';
import { Session } from '../postgres/session.js';
import { PostgresControlLog } from '../log/postgres-control-log.js';
import { openVault } from '../vault/open-vault.js';
import { openLog } from './open-log.js';

describe('opening the log, in PostgreSQL', () => {
  let test: TestLog;
  let files: TemporaryConfiguration;
  beforeEach(async () => {
    files = new TemporaryConfiguration();
    test = await openTestLog();
    for (const instance of ['1', '2']) {
      await test.log.append([storedEvent({ patient: 'P', study: '1', series: '1.1', instance })]);
    }
  });
  afterEach(async () => {
    files.remove();
    await test.close();
  });

  const open = async (roles: readonly string[]): Promise<void> => {
    const { configuration } = files.loadContent({ Annal: { Roles: roles } });
    const { connection } = test.database;
    const silent = pino({ level: 'silent' });
    const blobs = await openBlobStore(configuration!, false);
    const vault = openVault(configuration!, connection, blobs, silent);
    try {
      const log = await openLog(configuration!, connection, vault, blobs, silent);
      await log.close();
    } finally {
      await Promise.all([vault.close(), blobs.close()]);
    }
  };

  it.each([['api'], ['api', 'projector']])(
    'makes read models of another release anew, whatever the roles: %s',
    async (...roles) => {
      const live = await dumpReadModels(test.session);
      await test.session.execute('UPDATE folded_position SET version = version - 1; DELETE FROM series');
      await open(roles);
      expect(await dumpReadModels(test.session)).toEqual(live);
    },
  );

  it('makes read models anew that are gone, where the changes feed is there', async () => {
    const live = await dumpReadModels(test.session);
    await test.session.execute('DROP SCHEMA annal_index CASCADE');
    await open(['api']);
    expect(await dumpReadModels(test.session)).toEqual(live);
    await test.log.append([storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '3' })]);
  });

  it('drops what rebuilds left that were killed, unless one is under way', async () => {
    await test.session.execute('CREATE SCHEMA annal_index_rebuild; CREATE SCHEMA annal_index_replaced');
    const left = async (): Promise<number> =>
      (await test.session.execute(`SELECT 1 FROM pg_namespace WHERE nspname ~ '^annal_index_'`))[0]!.length;
    const other = new Session(test.database.connection, 'rebuilding');
    await other.execute('SELECT pg_advisory_lock(1919246965)');
    await open(['api']);
    expect(await left()).toBe(2);
    await other.reset();
    await open(['api']);
    expect(await left()).toBe(0);
  });

  it('folds what read models that are new have not seen, but for what operators ruled out', async () => {
    const [, second] = await test.log.read({ partition: 0, offset: 0 }, 2);
    await test.session.execute(
      `UPDATE annal_log.events SET body = (body::jsonb - 'sealed')::json WHERE "offset" = 2;
       DROP SCHEMA annal_index CASCADE; DELETE FROM change_feed`,
    );
    await expect(open(['api'])).rejects.toThrow('InstanceStored carries no tags');
    const control = new PostgresControlLog(test.database.connection);
    const time = new Date().toISOString();
    await control.skip({ offset: 2, eventId: second!.id, reason: 'test', actor: { protocol: 'system' }, time });
    await control.close();
    await open(['api']);
    const [rows = []] = await test.session.execute('SELECT sop_instance_uid AS uid FROM instances');
    expect(rows).toEqual([{ uid: '1' }]);
  });
});
