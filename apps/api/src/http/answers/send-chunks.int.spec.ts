import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesystemBlobStore } from '@annal/platform';
import { fastify } from 'fastify';
import { passing } from '../../load/passing.js';
import { sendChunks } from './send-chunks.js';

const FILES = 6;
const SIZE = 300_000;

describe('bytes sent as they come', () => {
  let folder: string;
  let blobs: FilesystemBlobStore;
  let server: Server;
  let url: string;
  let ended = 0;
  const keys: string[] = [];
  const bytesOf = (index: number): Buffer => Buffer.alloc(SIZE + index, index + 1);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annal-chunks-'));
    blobs = new FilesystemBlobStore(folder, false);
    for (let index = 0; index < FILES; index++) {
      const key = blobs.newKey();
      await blobs.put(key, [bytesOf(index)]);
      keys.push(key);
    }
    const app = fastify({ serverFactory: (handler) => (server = createServer(handler)) });
    app.get('/:from', (request, reply) => {
      const from = Number((request.params as { from: string }).from);
      return sendChunks(reply.header('X-From', from), chunks(from));
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await blobs.close();
    rmSync(folder, { recursive: true });
  });

  async function* chunks(from: number): AsyncGenerator<Buffer, void> {
    try {
      for (let index = from; index < FILES; index++) {
        const bytes = passing(await blobs.read(keys[index]!));
        yield Buffer.from([index]);
        yield bytes;
      }
      if (from === FILES) throw new Error('before anything');
      if (from === 1) throw new Error('at the end');
    } finally {
      ended++;
    }
  }

  it('come whole to many clients, however the others leave', async () => {
    const whole = async (from: number): Promise<boolean> => {
      const answer = await fetch(`${url}/${from}`);
      const body = Buffer.from(await answer.arrayBuffer());
      const parts = Array.from({ length: FILES - from }, (_, at) => [Buffer.from([from + at]), bytesOf(from + at)]);
      return answer.headers.get('x-from') === String(from) && body.equals(Buffer.concat(parts.flat()));
    };
    const leaves = async (): Promise<boolean> => {
      const leaving = new AbortController();
      const answer = await fetch(`${url}/0`, { signal: leaving.signal });
      await answer.body!.getReader().read();
      leaving.abort();
      return true;
    };
    const all = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 3 ? leaves() : whole([0, 2, 5, 4][index % 4]!),
    );
    expect((await Promise.all(all)).every(Boolean)).toBe(true);
    while (ended < 40) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('are never taken for whole where they end too soon', async () => {
    const answer = await fetch(`${url}/1`);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow();
    expect((await fetch(`${url}/${FILES}`)).status).toBe(500);
  });
});
