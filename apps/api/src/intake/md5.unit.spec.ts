import { createHash, randomBytes } from 'node:crypto';
import { Md5 } from './md5.js';

const plain = (chunks: readonly Buffer[]): string => createHash('md5').update(Buffer.concat(chunks)).digest('hex');

describe('the MD5 of received files', () => {
  let md5: Md5;
  beforeEach(() => (md5 = new Md5()));
  afterEach(() => md5.close());

  it.each([
    ['nothing', []],
    ['a small file', [randomBytes(20_000)]],
    ['what is just worth a thread', [randomBytes(64 * 1024), randomBytes(64 * 1024)]],
    ['a file in many pieces', Array.from({ length: 50 }, (_, i) => randomBytes(i * 1000))],
    ['as much as is held in memory', [randomBytes(4 * 1024 * 1024)]],
    ['more than that', [randomBytes(4 * 1024 * 1024), randomBytes(100)]],
  ])('is that of %s', async (_what, chunks) => {
    const size = chunks.reduce((sum, { length }) => sum + length, 0);
    expect(await md5.of(chunks, size)).toBe(plain(chunks));
  });

  it('is right for many files at once', async () => {
    const files = Array.from({ length: 40 }, (_, i) => [randomBytes(100_000 + i * 10_000)]);
    const sums = await Promise.all(files.map((chunks) => md5.of(chunks, chunks[0]!.length)));
    expect(sums).toEqual(files.map(plain));
  });

  it('is found when the thread ends in the midst of it, and with a new one after that', async () => {
    const file = [randomBytes(1_000_000)];
    const sums = [md5.of(file, 1_000_000), md5.of(file, 1_000_000)];
    await md5.close();
    expect(await Promise.all(sums)).toEqual([plain(file), plain(file)]);
    expect(await md5.of(file, 1_000_000)).toBe(plain(file));
  });
});
