import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const LAUNCHER = join(import.meta.dirname, '../../bin/annal');
const run = promisify(execFile);

describe('a start with a database that does not answer', () => {
  let folder: string;
  let silent: Server;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annal-start-'));
    silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await once(silent.close(), 'close');
    await rm(folder, { recursive: true });
  });

  it.each([[[]], [['rebuild']]])('ends and says where it is and what to do, not its password: %j', async (command) => {
    const { port } = silent.address() as AddressInfo;
    const file = join(folder, 'annal.json');
    const Url = `postgres://annal:secret@127.0.0.1:${port}/annal`;
    await writeFile(file, JSON.stringify({ StorageDirectory: join(folder, 'storage'), Annal: { Database: { Url } } }));
    await expect(run(LAUNCHER, [...command, file])).rejects.toMatchObject({
      code: 1,
      stderr:
        `annal: The database at 127.0.0.1:${port} does not answer: nothing came for 10 s. ` +
        'Start PostgreSQL there, or correct "Annal.Database.Url"\n',
    });
  });
});
