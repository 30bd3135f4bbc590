import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yauzl, { type Entry } from 'yauzl';
import { Deflater } from './deflater.js';
import { PART_SIZE } from './parts.js';
import { zipArchive } from './zip-archive.js';
import type { FileInPieces, ZipSource } from './zip-source.js';

const NOW = new Date('2026-11-22T02:40:20');
const text = (length: number): Buffer =>
  Buffer.from('a line of text, '.repeat(Math.ceil(length / 16))).subarray(0, length);
const file = (name: string, bytes: Buffer): ZipSource => ({
  name,
  size: bytes.length,
  open: async () => Buffer.from(bytes),
});

/** A file that comes in pieces of an odd size. */
const inPieces = (name: string, bytes: Buffer): ZipSource => ({
  name,
  size: bytes.length,
  open: async () => ({
    size: bytes.length,
    pieces: (async function* () {
      for (let at = 0; at < bytes.length; at += 65_521) yield bytes.subarray(at, at + 65_521);
    })(),
  }),
});

describe('a ZIP archive', () => {
  const deflater = new Deflater();
  afterAll(() => deflater.close());

  const make = (sources: AsyncIterable<ZipSource> | readonly ZipSource[], level = 4): AsyncGenerator<Buffer, void> =>
    zipArchive(each(sources), { level, deflater, filesAhead: 4, modified: NOW });

  const files: readonly [string, Buffer][] = [
    ['A B/1.dcm', text(100_000)],
    ['A B/empty', Buffer.alloc(0)],
    ['A B/noise', randomBytes(300_000)],
    ['Müller 山田/one part.dcm', text(PART_SIZE)],
    ['two.dcm', Buffer.concat([text(PART_SIZE), randomBytes(1)])],
    ['many', Buffer.concat([text(3 * PART_SIZE), randomBytes(PART_SIZE), text(1234)])],
    ['last', text(10)],
  ];
  const sources = files.map(([name, bytes], index) => (index % 2 === 1 ? inPieces(name, bytes) : file(name, bytes)));

  it.each([0, 1, 4, 9])('has all files in order, at level %i', async (level) => {
    const read = await entriesOf(await bytesOf(make(sources, level)));
    expect(read.map(({ name }) => name)).toEqual(files.map(([name]) => name));
    for (const [index, { bytes }] of read.entries()) expect(bytes.equals(files[index]![1])).toBe(true);
    expect(read.map(({ entry }) => entry.getLastModDate({ timezone: 'local' }))).toEqual(files.map(() => NOW));
  });

  it('frees the memory of files once they are deflated', async () => {
    const given: Buffer[] = [];
    const seen = files.map(([name, bytes]): ZipSource => {
      const open = async (): Promise<Buffer> => (given.push(Buffer.from(bytes)), given.at(-1)!);
      return { name, size: bytes.length, open };
    });
    for await (const chunk of make(seen)) expect(chunk.length).toBeGreaterThan(0);
    const sizes = given.map(({ length }) => length);
    // a small one shares its memory with others, a large one is deflated in parts
    expect(sizes.map((size) => size === 0)).toEqual([true, true, true, true, false, false, false]);
  });

  it.each([0, 4])('satisfies unzip and Python, at level %i', async (level) => {
    const folder = mkdtempSync(join(tmpdir(), 'annal-zip-'));
    try {
      const path = join(folder, 'archive.zip');
      writeFileSync(path, await bytesOf(make(sources, level)));
      const programs = [
        ['unzip', '-tqq', path],
        ['python3', '-c', `import zipfile; assert zipfile.ZipFile(${JSON.stringify(path)}).testzip() is None`],
      ] as const;
      for (const [program, ...parameters] of programs) {
        const { status, error, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
        if (error) process.stderr.write(`NOT RUN: ${program} is not installed\n`);
        else expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('stores what is not to be compressed, and deflates the rest about as well as in one piece', async () => {
    const stored = await bytesOf(make(sources, 0));
    const size = files.reduce((sum, [, bytes]) => sum + bytes.length, 0);
    expect(stored.length).toBeGreaterThan(size);
    expect(stored.length).toBeLessThan(size + 2000);
    const deflated = await bytesOf(make([inPieces('text', text(8 * PART_SIZE))]));
    expect(deflated.length).toBeLessThan(0.01 * 8 * PART_SIZE);
  });

  it('marks names beyond ASCII as UTF-8, and only them', async () => {
    const read = await entriesOf(await bytesOf(make(sources)));
    const marked = read.filter(({ entry }) => (entry.generalPurposeBitFlag & 0x800) !== 0);
    expect(marked.map(({ name }) => name)).toEqual(['Müller 山田/one part.dcm']);
  });

  it('may be empty', async () => {
    expect(await entriesOf(await bytesOf(make([])))).toEqual([]);
  });

  it('has more than 65,535 entries', async () => {
    const many = async function* (): AsyncGenerator<ZipSource> {
      for (let index = 0; index < 65_600; index++) yield file(`IM${index}`, Buffer.from([index & 0xff]));
    };
    const archive = await yauzl.fromBufferPromise(await bytesOf(make(many(), 0)));
    expect(archive.entryCount).toBe(65_600);
    let last: Entry | undefined;
    for await (const entry of archive.eachEntry()) last = entry;
    expect(last?.fileName).toBe('IM65599');
  });

  it.each([
    ['cannot be opened', async () => Promise.reject(new Error('lost'))],
    [
      'breaks off',
      async () => ({
        size: 5 * PART_SIZE,
        pieces: (async function* () {
          yield randomBytes(2 * PART_SIZE);
          throw new Error('lost');
        })(),
      }),
    ],
  ])('is none when a file %s', async (_what, open) => {
    const chunks: Buffer[] = [];
    const archive = make([...sources, { name: 'lost', size: 5 * PART_SIZE, open }, ...sources]);
    const reading = (async () => {
      for await (const chunk of archive) chunks.push(chunk);
    })();
    await expect(reading).rejects.toThrow('lost');
    expect(chunks.length).toBeGreaterThan(0);
    expect(Buffer.concat(chunks).includes(Buffer.from([0x50, 0x4b, 0x05, 0x06]))).toBe(false);
    await expect(yauzl.fromBufferPromise(Buffer.concat(chunks))).rejects.toThrow();
  });

  it('reads ahead so many files and no more, and none once nobody reads it', async () => {
    let opened = 0;
    let ended = false;
    const endless = async function* (): AsyncGenerator<ZipSource> {
      try {
        for (;;) yield { name: 'x', size: 1000, open: async () => text((opened += 1) && 1000) };
      } finally {
        ended = true;
      }
    };
    const archive = make(endless());
    for (let read = 1; read <= 20; read++) {
      await archive.next();
      // the one that is read, those that wait, and the one that is being taken
      expect(opened).toBeLessThanOrEqual(read + 4 + 1);
    }
    await archive.return();
    expect(ended).toBe(true);
    const before = opened;
    await new Promise(setImmediate);
    expect(opened).toBe(before);
  });

  it('holds no more of a large file than is ahead', async () => {
    let produced = 0;
    let taken = 0;
    let most = 0;
    const size = 200 * PART_SIZE;
    const noise = randomBytes(PART_SIZE);
    const open = async (): Promise<FileInPieces> => ({
      size,
      pieces: (async function* () {
        for (; produced < size; produced += PART_SIZE) yield noise;
      })(),
    });
    for await (const chunk of make([{ name: 'large', size, open }], 0)) {
      taken += chunk.length;
      most = Math.max(most, produced - taken);
    }
    expect(taken).toBeGreaterThan(size);
    expect(most).toBeLessThan(20 * PART_SIZE);
  });
});

async function* each(sources: AsyncIterable<ZipSource> | readonly ZipSource[]): AsyncGenerator<ZipSource> {
  yield* sources;
}

async function bytesOf(archive: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function entriesOf(archive: Buffer): Promise<{ name: string; entry: Entry; bytes: Buffer }[]> {
  const read: { name: string; entry: Entry; bytes: Buffer }[] = [];
  const zip = await yauzl.fromBufferPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const bytes: Buffer[] = [];
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) bytes.push(chunk);
    read.push({ name: entry.fileName, entry, bytes: Buffer.concat(bytes) });
  }
  return read;
}
