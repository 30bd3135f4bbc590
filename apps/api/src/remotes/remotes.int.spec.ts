import type { EventContext } from '@annal/domain';
import { KeyStore, MasterKeys, openPool, Vault } from '@annal/platform';
import { startTestApp, type TestApp } from '../http/testing/test-app.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { Remotes } from './remotes.service.js';

const CONFIGURED = {
  AuthenticationEnabled: false,
  OrthancPeers: { b: ['http://b:8042/', 'user', 'secret-b'], a: { Url: 'http://a:8042/' } },
  DicomWeb: { Servers: { a: ['http://web/dicom-web/'] } },
};
const KEPT = { ...CONFIGURED, OrthancPeersInDatabase: true };
const CONTEXT: EventContext = {
  source: 'test',
  actor: { protocol: 'http' },
  correlationId: 'c',
  now: new Date('2026-11-22T09:00:00.000Z'),
};
const PEER = { Url: 'https://c/', Username: 'user', Password: 'secret-c', HttpHeaders: { Token: 'secret-t' } };

describe('other servers', () => {
  let test: TestLog;
  let pool: ReturnType<typeof openPool>;
  let vault: Vault;
  const apps: TestApp[] = [];
  beforeAll(async () => {
    test = await openTestLog();
    pool = openPool(test.database.connection, 'test', 4);
    const store = new KeyStore(test.database.connection, new MasterKeys([]), {}, 1000);
    vault = new Vault(store, { sealing: 1000, opening: 1000 }, async () => undefined);
  });
  beforeEach(async () => {
    await test.session.execute('DELETE FROM remotes');
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });
  afterAll(async () => {
    await vault.close();
    await pool.end();
    await test.close();
  });
  const start = async (options: object = CONFIGURED): Promise<Remotes> => {
    const app = await startTestApp(options, { pool, vault, eventWriter: test.log, eventLog: test.log });
    apps.push(app);
    return app.get(Remotes);
  };

  it('are those of the configuration, and what this server was told of them until it ends', async () => {
    const [here, elsewhere] = [await start(), await start()];
    expect(await here.list('peer')).toEqual(['a', 'b']);
    expect(await here.find('peer', 'b')).toEqual({ Url: 'http://b:8042/', Username: 'user', Password: 'secret-b' });
    await here.set('peer', 'B', PEER, CONTEXT);
    await here.set('peer', 'a', { Url: 'http://other/' }, CONTEXT);
    expect(await here.remove('peer', 'b', CONTEXT)).toBe(true);
    expect(await here.remove('peer', 'b', CONTEXT)).toBe(false);
    expect(await here.list('peer')).toEqual(['B', 'a']);
    expect(await here.find('peer', 'b')).toBeNull();
    expect([...(await here.all('peer'))]).toEqual([
      ['B', PEER],
      ['a', { Url: 'http://other/' }],
    ]);
    expect(await here.list('dicomweb')).toEqual(['a']);
    expect(await elsewhere.list('peer')).toEqual(['a', 'b']);
    expect(await (await start()).find('peer', 'B')).toBeNull();
    await here.set('peer', 'b', PEER, CONTEXT);
    expect(await here.find('peer', 'b')).toEqual(PEER);
  });

  it('are those of the database alone, on every server and after a restart, where they are kept there', async () => {
    const [here, elsewhere] = [await start(KEPT), await start(KEPT)];
    expect(await here.list('peer')).toEqual([]);
    expect(await here.find('peer', 'b')).toBeNull();
    expect(await here.remove('peer', 'b', CONTEXT)).toBe(false);
    await here.set('peer', 'c', PEER, CONTEXT);
    await here.set('peer', 'd', PEER, CONTEXT);
    await here.set('dicomweb', 'c', { Url: 'http://web2/' }, CONTEXT);
    expect(await elsewhere.find('peer', 'c')).toEqual(PEER);
    expect(await elsewhere.list('dicomweb')).toEqual(['a']);
    expect(await elsewhere.remove('peer', 'd', CONTEXT)).toBe(true);
    expect(await (await start(KEPT)).list('peer')).toEqual(['c']);
  });

  it('are unreadable in the log, in the tables and in the events that are shown', async () => {
    const remotes = await start(KEPT);
    await remotes.set('peer', 'c', PEER, CONTEXT);
    const [events = []] = await test.session.execute('SELECT body::text AS text FROM annal_log.events');
    const [rows = []] = await test.session.execute('SELECT r::text AS text FROM remotes r');
    const shown = await (await fetch(`${apps[0]!.url}/events`)).text();
    expect(shown).toContain('annal.remote.set.v1');
    const texts = [...events, ...rows].map(({ text }) => String(text));
    for (const text of [...texts, shown]) {
      for (const secret of ['secret-c', 'secret-t', 'https://c/']) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
      }
    }
  });

  it('are not there once their key is gone, and no reason to fail', async () => {
    const remotes = await start(KEPT);
    await remotes.set('peer', 'c', PEER, CONTEXT);
    await remotes.set('peer', 'd', PEER, CONTEXT);
    await test.session.execute(
      `DELETE FROM annal_vault.job_keys WHERE id = (SELECT key_id FROM remotes WHERE name = 'c')`,
    );
    vault.forget();
    expect(await remotes.find('peer', 'c')).toBeNull();
    expect([...(await remotes.all('peer')).keys()]).toEqual(['d']);
  });

  it('have no names that no table could hold', async () => {
    const remotes = await start();
    for (const name of ['', 'a\0b', '\ud800', 'x'.repeat(256)]) {
      await expect(remotes.set('peer', name, PEER, CONTEXT)).rejects.toMatchObject({ status: 400 });
      expect(await remotes.find('peer', name)).toBeNull();
      expect(await remotes.remove('peer', name, CONTEXT)).toBe(false);
    }
  });
});
