import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import pg from 'pg';
import { expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { until } from '../support/processes.js';
import { sampleFile } from '../support/sample-study.js';

/** What a rebuild holds (libs/platform/src/folding). */
const REBUILDING = 0x72656275;

describe('a server that is sent signals', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());

  it('starts again on its configuration at SIGHUP, as the same process', async () => {
    server = await ArchiveServer.start();
    const { pid } = server;
    const settings = JSON.parse(await readFile(server.configurationFile, 'utf8')) as object;
    await writeFile(server.configurationFile, JSON.stringify({ ...settings, Name: 'Renamed' }));
    process.kill(pid, 'SIGHUP');
    const name = (): Promise<string | undefined> =>
      server.json<{ Name: string }>('/system').then(
        ({ Name }) => Name,
        () => undefined,
      );
    await until(async () => (await name()) === 'Renamed');
    expect(server.pid).toBe(pid);
    expect(await server.end()).toBe(0);
  });

  it('finishes what is in flight however often it is told to end', async () => {
    server = await ArchiveServer.start();
    const file = sampleFile({ patient: 'T', study: 1, series: 1, instance: 1 });
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST /instances HTTP/1.1\r\nHost: x\r\nContent-Length: ${file.bytes.length}\r\n\r\n`);
    socket.write(file.bytes.subarray(0, 200));
    await server.fetch('/system');
    const ended = server.end('SIGTERM');
    const refused = (): Promise<boolean> =>
      server.fetch('/system').then(
        () => false,
        () => true,
      );
    await until(refused);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(server.pid, signal);
    socket.write(file.bytes.subarray(200));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
    expect(await ended).toBe(0);
    await server.run();
    await expectExactly(server, [file]);
  });

  it('ends also while it starts, and waits for a rebuild elsewhere', async () => {
    server = await ArchiveServer.start();
    await server.end();
    const client = new pg.Client(server.databaseUrl);
    await client.connect();
    try {
      await client.query('UPDATE annal_index.folded_position SET version = 1');
      await client.query('SELECT pg_advisory_lock($1)', [REBUILDING]);
      const starting = server.run();
      starting.catch(() => undefined);
      // pg_locks shows those of other suites' databases too
      const waiting = `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE locktype = 'advisory' AND objid = $1 AND NOT granted AND datname = current_database()`;
      await until(async () => (await client.query(waiting, [REBUILDING])).rowCount === 1);
      expect(await server.end()).toBe(0);
      await expect(starting).rejects.toThrow('The server ended (0)');
    } finally {
      await client.end();
    }
    await server.run();
    await expectExactly(server, []);
  });
});
