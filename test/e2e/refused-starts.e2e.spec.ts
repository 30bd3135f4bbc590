import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAnnal } from '../support/run-annal.js';

describe('a start that is refused', () => {
  let folder: string;
  let other: Server;
  let HttpPort: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annal-refused-'));
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    ({ port: HttpPort } = other.address() as { port: number });
  });
  afterAll(() => {
    other.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    [
      'its port is in use',
      {},
      (): string => `Port ${HttpPort} is in use: stop what listens there, or set another "HttpPort"`,
    ],
    [
      'a tag is unknown',
      { ExtraMainDicomTags: { Study: ['Foo'] } },
      (): string => 'ExtraMainDicomTags.Study: no dictionary',
    ],
    ['a folder cannot be made', { StorageDirectory: '/proc/annal' }, (): string => 'StorageDirectory: no '],
  ])('because %s says so in one line, and has made nothing', async (_, options, reason) => {
    const file = join(folder, 'annal.json');
    const folders = { StorageDirectory: join(folder, 'files'), IndexDirectory: join(folder, 'index') };
    writeFileSync(file, JSON.stringify({ HttpPort, ...folders, ...options }));
    const { code, stdout, stderr } = await runAnnal(file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^annal: [^\n]+\n$/);
    expect(stderr).toContain(`annal: ${reason()}`);
    expect(existsSync(folders.StorageDirectory) || existsSync(folders.IndexDirectory)).toBe(false);
  });
});
