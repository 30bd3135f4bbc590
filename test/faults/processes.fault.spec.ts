import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expectConsistent, expectExactly, orphanBlobs } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { isAcknowledged, someStored, stowAll, tryUploads, uploadAll } from '../support/clients.js';
import { postmaster } from '../support/database.js';
import { descendantsOf, isRunning, until, workersOf } from '../support/processes.js';
import { sampleFile, type SampleFile, sampleFiles } from '../support/sample-study.js';

const CLIENTS = 6;

describe('a process killed while files are uploaded', () => {
  let server: ArchiveServer;
  const files = sampleFiles('K', { patients: 2, studies: 2, series: 2, instances: 12 });
  afterEach(() => server.close());

  it('a worker: it is replaced, and nothing acknowledged is lost', async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 2 } } });
    const stowed = sampleFiles('S', { patients: 1, studies: 1, series: 2, instances: 24 });
    const uploading = Promise.all([uploadAll(server, files, CLIENTS), stowAll(server, stowed, 4, 2)]);
    for (let kill = 0; kill < 3; kill++) {
      await until(() => workersOf(server.pid).length === 2);
      await someStored(server, (kill + 1) * 10);
      const victim = workersOf(server.pid)[kill % 2]!;
      process.kill(victim, 'SIGKILL');
      await until(() => !isRunning(victim));
    }
    await uploading;
    await until(() => workersOf(server.pid).length === 2);
    // connections kept open may be those of a killed worker
    await until(() =>
      server.fetch('/system').then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    // what was acknowledged was not sent again
    await expectExactly(server, [...files, ...stowed]);
  });

  it('the log writer: the workers end with it, and a new one goes on where it ended', async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 2 } } });
    const workers = workersOf(server.pid);
    const uploading = tryUploads(server, files, CLIENTS);
    await someStored(server, 20);
    await server.end('SIGKILL');
    await until(() => !workers.some(isRunning));
    const attempts = await uploading;
    await server.run();
    const kept = new Set(await expectConsistent(server, files));
    expect(attempts.filter(isAcknowledged).filter(({ file }) => !kept.has(file))).toEqual([]);
    await uploadAll(server, files, CLIENTS);
    await expectExactly(server, files);
  });

  it('the primary, started again at once: the same data on one PostgreSQL', async () => {
    server = await ArchiveServer.start({ embedded: true });
    const before = [...descendantsOf(server.pid), await postmaster(server)];
    const uploading = tryUploads(server, files, CLIENTS);
    await someStored(server, 20);
    await server.end('SIGKILL');
    await server.run();
    await uploading;
    await expectGone(before);
    expect(descendantsOf(server.pid)).toContain(await postmaster(server));
    await uploadAll(server, files, CLIENTS);
    await expectExactly(server, files);
  });

  it('PostgreSQL, again and again: uploads are refused for a while, and none that was acknowledged is lost', async () => {
    server = await ArchiveServer.start({ embedded: true });
    const uploading = uploadAll(server, files, CLIENTS);
    const killed: number[] = [];
    for (const stored of [10, 40]) {
      await someStored(server, stored);
      killed.push(await postmaster(server));
      process.kill(killed.at(-1)!, 'SIGKILL');
      await until(async () => !killed.includes(await postmaster(server)));
    }
    await uploading;
    expect(killed.filter(isRunning)).toEqual([]);
    await expectExactly(server, files);
  });
});

describe('SIGTERM while files are uploaded', () => {
  const file = sampleFile({ patient: 'T', study: 1, series: 1, instance: 1 }, 12 * 1024 * 1024);
  let server: ArchiveServer;
  const start = async (timeout: number): Promise<void> => {
    const configuration = { Annal: { Limits: { ShutdownTimeout: timeout } } };
    server = await ArchiveServer.start({ embedded: true, configuration });
  };
  afterEach(() => server.close());

  it('lets them finish, then ends all processes', async () => {
    await start(60);
    const processes = descendantsOf(server.pid);
    const socket = await half(server, file);
    const ended = server.end('SIGTERM');
    await until(() => refusesConnections(server));
    socket.write(file.bytes.subarray(file.bytes.length / 2));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
    expect(await ended).toBe(0);
    await expectGone(processes);
    await server.run();
    await expectExactly(server, [file]);
  });

  it('does not wait for ever for one that does not come, and leaves nothing of it', async () => {
    await start(1);
    const processes = descendantsOf(server.pid);
    await half(server, file);
    expect(await server.end('SIGTERM')).toBe(0);
    await expectGone(processes);
    await server.run();
    await expectExactly(server, []);
    expect(await orphanBlobs(server)).toEqual([]);
  });

  it('ends cleanly also while a killed worker is being replaced', async () => {
    await start(600);
    const [worker] = workersOf(server.pid);
    process.kill(worker!, 'SIGKILL');
    await until(() => workersOf(server.pid).some((pid) => pid !== worker));
    const processes = descendantsOf(server.pid);
    expect(await server.end('SIGTERM')).toBe(0);
    await expectGone(processes);
  });
});

/** Expects that processes end: what watches over PostgreSQL does so a moment after the primary. */
async function expectGone(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(isRunning)).catch(() => undefined);
  expect(pids.filter(isRunning)).toEqual([]);
}

/** Begins an upload and stops half-way. */
async function half(server: ArchiveServer, { bytes }: SampleFile): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST /instances HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  await new Promise((resolve) => socket.write(bytes.subarray(0, bytes.length / 2), resolve));
  // whoever asks after it is answered after it: what was sent has been taken
  await server.fetch('/system');
  return socket;
}

async function refusesConnections(server: ArchiveServer): Promise<boolean> {
  const socket = connect(server.port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}
