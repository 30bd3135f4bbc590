import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../../../test/support/free-ports.js';
import { EmbeddedFolder, query } from './testing/embedded-folder.js';

describe('the embedded PostgreSQL', () => {
  let folder: EmbeddedFolder;
  beforeEach(async () => {
    folder = await EmbeddedFolder.create();
  });
  afterEach(() => folder.remove());

  it('keeps its data over a stop and a start, at the same address', async () => {
    const first = await folder.start();
    await query(first.connection, 'CREATE TABLE kept AS SELECT 42 AS value');
    await first.stop();
    expect(await first.exited).toEqual({ requested: true, code: 0, signal: null });
    const second = await folder.start();
    expect(second.connection).toEqual(first.connection);
    expect(await query(second.connection, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  });

  it('checks its pages, speaks UTF-8, syncs commits and listens on nothing but its socket', async () => {
    const { connection } = await folder.start({ durable: true });
    const names = ['data_checksums', 'server_encoding', 'synchronous_commit', 'fsync', 'listen_addresses'];
    const shown = await query(connection, `SELECT ${names.map((name) => `current_setting('${name}') ${name}`).join()}`);
    expect(shown).toEqual([
      { data_checksums: 'on', server_encoding: 'UTF8', synchronous_commit: 'on', fsync: 'on', listen_addresses: '' },
    ]);
    expect(connection.host.startsWith('/')).toBe(true);
  });

  it('asks for the password, which nobody else may read', async () => {
    const { connection } = await folder.start();
    await expect(query({ ...connection, password: 'guess' }, 'SELECT 1')).rejects.toThrow(/password/);
    const file = join(folder.path, 'data', 'annal.password');
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect((await readFile(file, 'utf8')).trim()).toBe(connection.password);
  });

  it('works in a folder whose path is too long for a socket, or has quotes and commas', async () => {
    const deep = await EmbeddedFolder.create(`${'long-'.repeat(30)}/a "b", c`);
    const odd = await EmbeddedFolder.create('a "b", c');
    try {
      for (const { start } of [deep, odd].map((each) => ({ start: () => each.start() }))) {
        expect(await query((await start()).connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      }
    } finally {
      await deep.remove();
      await odd.remove();
    }
  });

  it('listens on a port of 127.0.0.1 when told to, and says so when the port is taken', async () => {
    const first = await folder.start({ port: await freePort() });
    const { port, host, ...rest } = first.connection;
    expect(host).not.toBe('127.0.0.1');
    expect(await query({ ...rest, port, host: '127.0.0.1' }, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const other = await EmbeddedFolder.create();
    try {
      await expect(other.start({ port })).rejects.toThrow('Address already in use');
    } finally {
      await other.remove();
    }
  });

  it('refuses data of another major version, and changes nothing', async () => {
    await (await folder.start()).stop();
    const version = join(folder.path, 'data', 'PG_VERSION');
    const original = await readFile(version, 'utf8');
    await writeFile(version, '12\n');
    await expect(folder.start()).rejects.toThrow(/written by PostgreSQL 12.*Annal\.Database\.Url/s);
    expect(await readFile(version, 'utf8')).toBe('12\n');
    await writeFile(version, original);
  });

  it('refuses a folder with something else in it', async () => {
    await mkdir(join(folder.path, 'data'), { recursive: true });
    await writeFile(join(folder.path, 'data', 'thesis.txt'), 'precious');
    await expect(folder.start()).rejects.toThrow(/holds no PostgreSQL data/);
    expect(await readdir(join(folder.path, 'data'))).toEqual(['thesis.txt']);
  });

  it('removes what a start left that was killed while it created the data', async () => {
    // no process has this id: it is above what Linux and macOS give
    const half = join(folder.path, 'initializing-99999999-abc');
    await mkdir(join(half, 'data'), { recursive: true });
    await folder.start();
    expect(await readdir(folder.path)).not.toContain('initializing-99999999-abc');
  });
});
