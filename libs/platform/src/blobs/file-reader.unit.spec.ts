import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileReader } from './file-reader.js';

const MIB = 1024 * 1024;

describe('FileReader', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annal-reader-'));
    path = join(folder, 'file');
    await writeFile(path, 'a file of some bytes');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['all', 0, undefined, 'a file of some bytes'],
    ['from a byte on', 10, undefined, 'some bytes'],
    ['a range', 2, 6, 'file'],
    ['up to its end', 15, 100, 'bytes'],
    ['nothing behind its end', 100, undefined, ''],
  ])('reads %s, in a thread and in place', async (_, start, end, expected) => {
    const { reader } = await started(0);
    expect((await reader.read(path, start, end)).toString()).toBe(expected);
    const threads = new FileReader(folder);
    expect((await threads.read(path, start, end)).toString()).toBe(expected);
  });

  it('says that there is no file, in a thread and in place', async () => {
    const missing = join(folder, 'missing');
    await expect((await started(0)).reader.read(missing, 0)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(new FileReader(folder).read(missing, 0)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves the event loop to others where a file is large', async () => {
    const { reader } = await started(0);
    await writeFile(path, Buffer.alloc(MIB + 1));
    expect(await isInPlace(reader, 0)).toBe(false);
    expect(await isInPlace(reader, 0, MIB + 1)).toBe(false);
    expect(await isInPlace(reader, 1)).toBe(true);
  });

  it('goes to threads once storage is slow, and tries again later', async () => {
    const { reader, took } = await started(0);
    took.ms = 1;
    for (let read = 0; read < 50; read++) expect(await isInPlace(reader, 0)).toBe(true);
    took.ms = 100;
    expect(await isInPlace(reader, 0)).toBe(true);
    for (let read = 0; read < 100; read++) expect(await isInPlace(reader, 0)).toBe(false);
    took.ms = 1;
    expect(await isInPlace(reader, 0)).toBe(true);
    expect(await isInPlace(reader, 0)).toBe(true);
  });

  it('stays in place where one read among many waited for the processor', async () => {
    const { reader, took } = await started(0);
    for (let read = 0; read < 50; read++) {
      took.ms = read % 8 === 0 ? 8 : 0.1;
      expect(await isInPlace(reader, 0)).toBe(true);
    }
  });

  /** A reader that knows already where its files are, and whose clock says how long a read in place took. */
  async function started(ms: number): Promise<{ reader: FileReader; took: { ms: number } }> {
    const took = { ms };
    let time = 0;
    const reader = new FileReader(folder, () => (time += took.ms));
    // it finds out in a thread
    while (!(await isInPlace(reader, 0))) await new Promise((resolve) => setImmediate(resolve));
    return { reader, took };
  }

  /** Whether bytes are there before the event loop goes on. */
  async function isInPlace(reader: FileReader, start: number, end?: number): Promise<boolean> {
    let isThere = false;
    const reading = reader.read(path, start, end).then(() => (isThere = true));
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    const before = isThere;
    await reading;
    return before;
  }
});
