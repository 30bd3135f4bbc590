import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { deflateSync } from 'node:zlib';
import type { BlobStore } from '@annal/domain';
import { sizePrefix } from '@annal/platform';
import { COMPRESSION_NUMBERS } from '@annal/projections';
import { testConfiguration } from '../../http/testing/test-app.js';
import { release } from '../../load/release.js';
import { InstanceFileService, type StoredFile } from './instance-file.service.js';

const MIB = 1024 * 1024;

describe('parts of files that are stored compressed', () => {
  const bytes = randomBytes(3 * MIB);
  const compressed = Buffer.concat([sizePrefix(bytes.length), deflateSync(bytes, { level: 1 })]);
  let opened: string[] = [];
  let damaged: number | undefined;
  beforeEach(() => {
    opened = [];
    damaged = undefined;
  });

  const blobs = {
    stream: async (key: string, start = 0) => {
      opened.push(key);
      return Readable.from([compressed.subarray(start, damaged)]);
    },
  } as unknown as BlobStore;
  const file = (blobKey: string): StoredFile => ({
    id: blobKey,
    key: 1,
    blobKey,
    size: bytes.length,
    compression: COMPRESSION_NUMBERS['zlib-with-size'],
  });
  const filesWith = (MaximumStorageCacheSize: number): InstanceFileService => {
    const pool = { query: () => Promise.reject(new Error('no database')) };
    return new InstanceFileService(testConfiguration({ MaximumStorageCacheSize }), pool, blobs);
  };
  const parts = [MIB, 2 * MIB, 2 * MIB + 5, 3 * MIB - 1, 1.5 * MIB].map((start) => [start, start + 1000] as const);

  it('are read from what was inflated once, as readers and as streams, whatever their readers do to them', async () => {
    const files = filesWith(4);
    for (const [start, end] of parts) {
      const part = await files.read(file('a'), start, end);
      expect(part).toEqual(bytes.subarray(start, end));
      part.fill(0);
      release([part]);
      const streamed = await files.open(file('a'), start, end);
      for await (const chunk of streamed as AsyncIterable<Buffer>) {
        expect(chunk).toEqual(bytes.subarray(start, end));
        chunk.fill(0);
        release([chunk]);
      }
    }
    expect((await buffer(await files.open(file('a'), MIB))).equals(bytes.subarray(MIB))).toBe(true);
    expect(opened).toEqual(['a']);
  });

  it('are inflated once for all who ask at the same time', async () => {
    const files = filesWith(4);
    const read = await Promise.all(parts.map(([start, end]) => files.read(file('a'), start, end)));
    expect(read).toEqual(parts.map(([start, end]) => bytes.subarray(start, end)));
    expect(opened).toEqual(['a']);
  });

  it('give way to those of the next file where not both fit', async () => {
    const files = filesWith(4);
    for (const key of ['a', 'b', 'b', 'a']) await files.read(file(key), MIB, MIB + 1);
    expect(opened).toEqual(['a', 'b', 'a']);
  });

  it.each([
    ['of files that are larger than what may be kept', 2, MIB],
    ['where nothing may be kept', 0, MIB],
    ['near the beginning', 4, MIB - 1],
  ])('are inflated from the beginning: %s', async (_, size, start) => {
    const files = filesWith(size);
    for (let time = 0; time < 2; time++)
      expect(await files.read(file('a'), start, start + 1000)).toEqual(bytes.subarray(start, start + 1000));
    expect(opened).toEqual(['a', 'a']);
  });

  it('of a damaged file are read as far as it is whole', async () => {
    const files = filesWith(4);
    damaged = 2 * MIB;
    expect(await files.read(file('a'), MIB, MIB + 1000)).toEqual(bytes.subarray(MIB, MIB + 1000));
    await expect(files.read(file('a'), MIB, 3 * MIB)).rejects.toThrow('unexpected end of file');
    await expect(buffer(await files.open(file('a'), MIB, 3 * MIB))).rejects.toThrow('unexpected end of file');
    damaged = undefined;
    expect((await files.read(file('a'), MIB, 3 * MIB)).equals(bytes.subarray(MIB))).toBe(true);
  });
});
