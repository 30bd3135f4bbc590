import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const file = buildInstance();
const stored = instanceWith({ patient: 'A', study: '1', series: '1.1', instance: '1.1.1', size: file.length });
const id = stored.data.ids.instance;

describe('POST /instances/{id}/export', () => {
  let folder: string;
  let reading: ReadingApp;
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'annal-export-')));
    await mkdir(join(folder, 'storage'));
    const StorageDirectory = join(folder, 'storage');
    reading = await startReadingApp({ RestApiWriteToFileSystemEnabled: true, StorageDirectory }, file);
    await reading.log.submit([stored]);
  });
  afterAll(async () => {
    await reading.close();
    await rm(folder, { recursive: true });
  });

  const send = async (path: string, instance = id): Promise<[number, Record<string, unknown>]> => {
    const url = `${reading.app.url}/instances/${instance}/export`;
    const answer = await fetch(url, { method: 'POST', body: path });
    return [answer.status, (await answer.json()) as Record<string, unknown>];
  };
  const refused = [500, expect.objectContaining({ OrthancStatus: 14, OrthancError: 'Cannot write to file' })];

  it('writes the file, and again in the place of an older one', async () => {
    const path = join(folder, 'a ü.dcm');
    for (let time = 0; time < 2; time++) {
      expect(await send(path)).toEqual([200, {}]);
      expect((await readFile(path)).equals(file)).toBe(true);
    }
    expect(await readdir(folder)).toEqual(['a ü.dcm', 'storage']);
  });

  it('writes nowhere else, and leaves nothing behind', async () => {
    const [text, link] = [join(folder, 'annal.json'), join(folder, 'link.dcm')];
    await writeFile(text, '{}');
    await symlink(text, link);
    const paths = ['', `${folder}/a\0b`, join(folder, 'none', 'x.dcm'), folder, `${folder}/`, text, link, '/dev/null'];
    for (const path of paths) {
      const [status, body] = await send(path);
      expect([status, body]).toEqual(refused);
      expect(JSON.stringify(body.Details ?? '')).not.toContain(folder);
    }
    expect(await readFile(text, 'utf8')).toBe('{}');
    for (const own of ['storage', 'none/../storage', 'storage/../storage']) {
      expect(await send(`${folder}/${own}/x.dcm`)).toEqual(refused);
    }
    expect(await readdir(join(folder, 'storage'))).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('does not know what is not there', async () => {
    expect(await send(join(folder, 'x.dcm'), 'nope')).toEqual([404, expect.objectContaining({ OrthancStatus: 17 })]);
  });

  it('is refused unless it is configured', async () => {
    const other = await startReadingApp({}, file);
    try {
      await other.log.submit([stored]);
      for (const each of [id, 'nope']) {
        const url = `${other.app.url}/instances/${each}/export`;
        const answer = await fetch(url, { method: 'POST', body: join(folder, 'x.dcm') });
        expect([answer.status, await answer.text()]).toEqual([403, '']);
      }
    } finally {
      await other.close();
    }
    expect(await readdir(folder)).not.toContain('x.dcm');
  });
});
