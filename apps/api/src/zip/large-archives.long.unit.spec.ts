import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yauzl from 'yauzl';
import { Deflater } from './deflater.js';
import { zipArchive } from './zip-archive.js';
import type { ZipSource } from './zip-source.js';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const ZEROS = Buffer.alloc(MIB);

/** A file of zeros, which nobody ever holds as a whole. */
const zeros = (name: string, size: number): ZipSource => ({
  name,
  size,
  open: async () => ({
    size,
    pieces: (async function* () {
      for (let at = 0; at < size; at += MIB) yield ZEROS.subarray(0, Math.min(MIB, size - at));
    })(),
  }),
});
const small = (name: string): ZipSource => ({ name, size: 5, open: async () => Buffer.from('small') });

/** Writes what is not zero; the rest are holes, which take no room on the disk. */
async function writeSparse(file: FileHandle, archive: AsyncIterable<Buffer>): Promise<number> {
  let at = 0;
  for await (const chunk of archive) {
    if (!chunk.equals(ZEROS.subarray(0, chunk.length))) await file.write(chunk, 0, chunk.length, at);
    at += chunk.length;
  }
  await file.truncate(at);
  return at;
}

describe('a ZIP archive beyond 4 GiB', () => {
  const deflater = new Deflater();
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'annal-large-zip-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(() => deflater.close());

  it.each([
    ['one file, deflated', 4, [zeros('large', 4 * GIB + 12_345), small('last')]],
    ['one file, as it is', 0, [zeros('large', 4 * GIB + 12_345), small('last')]],
    [
      'many files, as they are',
      0,
      [...Array.from({ length: 9 }, (_, i) => zeros(`half-${i}`, GIB / 2)), small('last')],
    ],
  ])(
    'of %s needs no more memory than a small one, and is read by all',
    async (_what, level, sources) => {
      const path = join(folder, 'archive.zip');
      const file = await open(path, 'w');
      const before = process.memoryUsage().rss;
      let most = 0;
      const watched = async function* (): AsyncGenerator<Buffer> {
        const options = { level, deflater, filesAhead: 8, modified: new Date() };
        for await (const chunk of zipArchive(each(sources), options)) {
          most = Math.max(most, process.memoryUsage.rss());
          yield chunk;
        }
      };
      const size = await writeSparse(file, watched());
      await file.close();
      expect(most - before).toBeLessThan(400 * MIB);
      if (level === 0) expect(size).toBeGreaterThan(4 * GIB);

      const archive = await yauzl.openPromise(path);
      const found: [string, number][] = [];
      for await (const entry of archive.eachEntry()) {
        found.push([entry.fileName, entry.uncompressedSize]);
        if (entry.fileName !== 'last') continue;
        const chunks: Buffer[] = [];
        for await (const chunk of (await archive.openReadStreamPromise(entry)) as AsyncIterable<Buffer>)
          chunks.push(chunk);
        expect(Buffer.concat(chunks).toString()).toBe('small');
      }
      expect(found).toEqual(sources.map((source) => [source.name, source.size]));
      const programs = [
        ['unzip', '-tqq', path],
        ['python3', '-c', `import zipfile; assert zipfile.ZipFile(${JSON.stringify(path)}).testzip() is None`],
      ] as const;
      for (const [program, ...parameters] of programs) {
        const { status, error, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
        if (error) process.stderr.write(`NOT RUN: ${program} is not installed\n`);
        else expect({ program, status, stdout, stderr }).toEqual({ program, status: 0, stdout: '', stderr: '' });
      }
    },
    600_000,
  );
});

async function* each(sources: readonly ZipSource[]): AsyncGenerator<ZipSource> {
  yield* sources;
}
