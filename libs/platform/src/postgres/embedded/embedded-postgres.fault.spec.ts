import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chown, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { InUseError } from './index.js';
import { isPostmaster } from './postmaster-file.js';
import { isAlive, waitUntil } from './processes.js';
import { EmbeddedFolder, query } from './testing/embedded-folder.js';
import { startOwnerProcess } from './testing/owner-process.js';

describe('the embedded PostgreSQL, when something is killed', () => {
  let folder: EmbeddedFolder;
  beforeEach(async () => {
    folder = await EmbeddedFolder.create();
  });
  afterEach(() => folder.remove());
  // not isAlive: where process 1 does not collect orphans, an ended one keeps its id
  const runs = (pid: number): boolean => isPostmaster(pid, join(folder.path, 'data'));

  it('replaces the PostgreSQL that a killed Annal left running, with all that was committed', async () => {
    const owner = await startOwnerProcess(folder.path, 600);
    await query(owner.postgres.connection, 'CREATE TABLE kept AS SELECT 42 AS value');
    await owner.kill();
    expect(runs(owner.postgres.pid)).toBe(true);
    const next = await folder.start();
    expect(runs(owner.postgres.pid)).toBe(false);
    expect(folder.warnings.join()).toContain(`process ${owner.postgres.pid}`);
    expect(await query(next.connection, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  });

  it('stops by itself after a while when Annal was killed and does not come back', async () => {
    const owner = await startOwnerProcess(folder.path, 0);
    await owner.kill();
    expect(await waitUntil(() => !runs(owner.postgres.pid), 30_000)).toBe(true);
  });

  it('is refused to a second Annal while the first one runs', async () => {
    const owner = await startOwnerProcess(folder.path, 0);
    try {
      const refused = folder.start();
      await expect(refused).rejects.toBeInstanceOf(InUseError);
      await expect(refused).rejects.toThrow(`process ${owner.pid}`);
      expect(await query(owner.postgres.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await owner.kill();
      await waitUntil(() => !runs(owner.postgres.pid));
    }
  });

  it('is still owned after one of its processes was killed, which ends all connections', async () => {
    const { connection } = await folder.start();
    const [victim] = await query(
      connection,
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'background writer'",
    );
    process.kill(Number(victim?.pid), 'SIGKILL');
    const owners = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'annal owner %'";
    const owned = async (): Promise<boolean> =>
      query(connection, owners).then(
        (rows) => rows.length === 1,
        () => false,
      );
    expect(await waitUntil(owned, 30_000)).toBe(true);
    await expect(folder.start()).rejects.toBeInstanceOf(InUseError);
  });

  it('tells when it was killed itself, and starts again on the same data at the same address', async () => {
    const first = await folder.start();
    await query(first.connection, 'CREATE TABLE kept AS SELECT 42 AS value');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toEqual({ requested: false, code: null, signal: 'SIGKILL' });
    const second = await folder.start();
    expect(second.connection).toEqual(first.connection);
    expect(await query(second.connection, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  });

  it('is not kept from starting by stale lock files whose process id belongs to another process by now', async () => {
    const first = await folder.start();
    const files = [
      join(folder.path, 'data', 'postmaster.pid'),
      join(first.connection.host, `.s.PGSQL.${first.connection.port}.lock`),
    ];
    const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    await first.stop();
    const { uid, gid } = await stat(join(folder.path, 'data'));
    const bystander = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
    try {
      for (const [index, file] of files.entries()) {
        await writeFile(file, contents[index]!.replace(String(first.pid), String(bystander.pid)), { mode: 0o600 });
        await chown(file, uid, gid);
      }
      const second = await folder.start();
      expect(await query(second.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(isAlive(bystander.pid!)).toBe(true);
    } finally {
      bystander.kill();
      await once(bystander, 'exit');
    }
  });

  it('starts again when a start at the same moment took it for a leftover, and stopped it, before it was known to be ready', async () => {
    const first = await folder.start();
    const pidFile = join(folder.path, 'data', 'postmaster.pid');
    await first.stop();
    const starting = folder.start();
    const stopped = await stopOnce(pidFile);
    const second = await starting;
    expect(second.pid).not.toBe(stopped);
    expect(await query(second.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('waits for a start at the same moment that has made its lock file and not written it yet', async () => {
    const first = await folder.start();
    const pidFile = join(folder.path, 'data', 'postmaster.pid');
    const { uid, gid } = await stat(join(folder.path, 'data'));
    await first.stop();
    await writeFile(pidFile, '', { mode: 0o600 });
    await chown(pidFile, uid, gid);
    const starting = folder.start();
    const log = join(folder.path, 'postgresql.log');
    const refused = async (): Promise<boolean> => (await readFile(log, 'utf8')).includes('is empty');
    expect(await waitUntil(refused, 30_000)).toBe(true);
    await rm(pidFile);
    expect(await query((await starting).connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('lets one of several that start at the same moment win', async () => {
    const starts = await Promise.allSettled([folder.start(), folder.start(), folder.start()]);
    const started = starts.flatMap((each) => (each.status === 'fulfilled' ? [each.value.pid] : []));
    expect(started).toHaveLength(1);
    for (const each of starts) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(InUseError);
  });
});

/** Asks the PostgreSQL of this file to stop as soon as it is there, as a start does that finds it; gives its id. */
async function stopOnce(pidFile: string): Promise<number> {
  for (;;) {
    try {
      const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
      if (pid > 0) {
        process.kill(pid, 'SIGINT');
        return pid;
      }
    } catch {
      // not there yet
    }
    await immediate();
  }
}
