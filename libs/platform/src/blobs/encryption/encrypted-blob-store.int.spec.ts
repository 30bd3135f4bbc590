import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlobStore, BlobUnreadable } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { describeBlobStoreContract } from '../../../../../test/support/blob-store-contract.js';
import { FilesystemBlobStore } from '../filesystem-blob-store.js';
import { HEADER_SIZE } from './blob-header.js';
import { CHUNK_SIZE, STORED_CHUNK_SIZE } from './chunk-cipher.js';
import { EncryptedBlobStore } from './encrypted-blob-store.js';
import { checkKeys, KEY_REGISTER } from './key-register.js';
import { KeyRing } from './key-ring.js';

const KEY_A = { id: 'a', secret: randomBytes(32) };
const KEY_B = { id: 'b', secret: randomBytes(32) };
const sealed = (files: BlobStore, ...keys: (typeof KEY_A)[]): EncryptedBlobStore =>
  new EncryptedBlobStore(files, new KeyRing(keys), false);

async function openFiles(): Promise<{ files: FilesystemBlobStore; close: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'annal-blobs-'));
  const files = new FilesystemBlobStore(root, false);
  return {
    files,
    close: async () => {
      await files.close();
      await rm(root, { recursive: true });
    },
  };
}

describeBlobStoreContract('EncryptedBlobStore', async () => {
  const { files, close } = await openFiles();
  return { blobs: sealed(files, KEY_A), close };
});

describe('EncryptedBlobStore', () => {
  let files: FilesystemBlobStore;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ files, close } = await openFiles());
  });
  afterEach(() => close());

  const streamed = async (blobs: BlobStore, ...range: Parameters<BlobStore['stream']>): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of (await blobs.stream(...range)) as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  /** Writes stored bytes anew, changed. */
  const change = async (key: string, how: (stored: Buffer) => Buffer): Promise<void> => {
    const stored = await files.read(key);
    await files.remove(key);
    await files.put(key, [how(stored)]);
  };

  it.each([0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE, 3 * CHUNK_SIZE + 17])(
    'gives back %i bytes and every part of them, put or written piece by piece',
    async (size) => {
      const blobs = sealed(files, KEY_A);
      const bytes = randomBytes(size);
      const [put, written] = [uuidv7(), uuidv7()];
      await blobs.put(put, [bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
      const writer = await blobs.create(written);
      for (let at = 0; at < size; at += 50_001) await writer.write([bytes.subarray(at, at + 50_001)]);
      await writer.commit();
      const edges = [0, 1, 100, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE, size - 1, size, size + 9];
      for (const key of [put, written]) {
        expect(bytes.equals(await blobs.read(key))).toBe(true);
        expect(await blobs.isEmpty(key)).toBe(size === 0);
        for (const start of edges.filter((edge) => edge >= 0)) {
          expect(bytes.subarray(start).equals(await blobs.read(key, start))).toBe(true);
          for (const end of edges.filter((edge) => edge >= start)) {
            const part = bytes.subarray(start, end);
            expect(part.equals(await blobs.read(key, start, end))).toBe(true);
            expect(part.equals(await streamed(blobs, key, start, end))).toBe(true);
          }
        }
      }
    },
  );

  it('stores nothing in clear, and nothing twice in the same way', async () => {
    const blobs = sealed(files, KEY_A);
    const bytes = Buffer.alloc(200_000, 'PATIENT^NAME');
    const keys = [uuidv7(), uuidv7()];
    for (const key of keys) await blobs.put(key, [bytes]);
    const [one, other] = await Promise.all(keys.map((key) => files.read(key)));
    expect(one!.includes('PATIENT')).toBe(false);
    expect(one!.length).toBe(HEADER_SIZE + bytes.length + Math.ceil(bytes.length / CHUNK_SIZE) * 16);
    for (let at = HEADER_SIZE; at < one!.length; at += STORED_CHUNK_SIZE) {
      expect(one!.subarray(at, at + 32)).not.toEqual(other!.subarray(at, at + 32));
      expect(one!.subarray(at, at + 32)).not.toEqual(one!.subarray(HEADER_SIZE + 1, HEADER_SIZE + 33));
    }
  });

  it('reads only the chunks that a part is in', async () => {
    const blobs = sealed(files, KEY_A);
    const key = uuidv7();
    await blobs.put(key, [randomBytes(50 * CHUNK_SIZE)]);
    const asked: (readonly [number, number | undefined])[] = [];
    const watched = Object.create(files, {
      stream: {
        value: (k: string, start: number, end?: number) => (asked.push([start, end]), files.stream(k, start, end)),
      },
    }) as BlobStore;
    await sealed(watched, KEY_A).read(key, 20 * CHUNK_SIZE + 5, 21 * CHUNK_SIZE + 5);
    const [[start, end]] = asked as [[number, number]];
    expect(asked).toHaveLength(1);
    expect(end - start).toBe(2 * STORED_CHUNK_SIZE + 1);
  });

  describe('notices', () => {
    const bytes = randomBytes(3 * CHUNK_SIZE);
    const chunkAt = (index: number): number => HEADER_SIZE + index * STORED_CHUNK_SIZE;
    const swapped = (stored: Buffer): Buffer =>
      Buffer.concat([
        stored.subarray(0, chunkAt(0)),
        stored.subarray(chunkAt(1), chunkAt(2)),
        stored.subarray(chunkAt(0), chunkAt(1)),
        stored.subarray(chunkAt(2)),
      ]);
    const flipped = (at: number) => (stored: Buffer) => {
      stored[at]! ^= 1;
      return stored;
    };
    it.each<[string, (stored: Buffer) => Buffer]>([
      ['a changed byte', flipped(chunkAt(0) + 5)],
      ['a changed tag', flipped(chunkAt(1) - 1)],
      ['a changed salt', flipped(60)],
      ['a changed identifier of the key', flipped(10)],
      ['a byte changed where there are zeros', flipped(HEADER_SIZE - 1)],
      ['chunks that changed places', swapped],
      [
        'a chunk that is missing',
        (stored) => Buffer.concat([stored.subarray(0, chunkAt(0)), stored.subarray(chunkAt(1))]),
      ],
      ['that all is gone but the header', (stored) => stored.subarray(0, HEADER_SIZE)],
    ])('%s', async (_, how) => {
      const blobs = sealed(files, KEY_A);
      const key = uuidv7();
      await blobs.put(key, [bytes]);
      await change(key, how);
      await expect(sealed(files, KEY_A).read(key)).rejects.toBeInstanceOf(BlobUnreadable);
      await expect(sealed(files, KEY_A).stream(key)).rejects.toBeInstanceOf(BlobUnreadable);
    });

    it.each([
      ['an end that is cut off between chunks', (stored: Buffer) => stored.subarray(0, chunkAt(2))],
      ['an end that is cut off within a chunk', (stored: Buffer) => stored.subarray(0, chunkAt(2) + 1000)],
      ['bytes behind the end', (stored: Buffer) => Buffer.concat([stored, Buffer.alloc(1)])],
      ['a changed byte in the midst', flipped(chunkAt(2) + 5)],
    ])('%s, in the stream too', async (_, how) => {
      const blobs = sealed(files, KEY_A);
      const key = uuidv7();
      await blobs.put(key, [bytes]);
      await change(key, how);
      await expect(blobs.read(key)).rejects.toBeInstanceOf(BlobUnreadable);
      await expect(streamed(blobs, key)).rejects.toBeInstanceOf(BlobUnreadable);
      expect(bytes.subarray(5, 10).equals(await blobs.read(key, 5, 10))).toBe(true);
    });

    it('one blob in the place of another', async () => {
      const blobs = sealed(files, KEY_A);
      const [key, other] = [uuidv7(), uuidv7()];
      await blobs.put(key, [bytes]);
      await files.put(other, [await files.read(key)]);
      await expect(blobs.read(other)).rejects.toBeInstanceOf(BlobUnreadable);
    });

    it('a blob that is not encrypted, unless such ones may be read', async () => {
      const key = uuidv7();
      await files.put(key, [bytes]);
      await expect(sealed(files, KEY_A).read(key)).rejects.toThrow('AllowUnencrypted');
      await expect(sealed(files, KEY_A).stream(key, CHUNK_SIZE + 1)).rejects.toThrow('AllowUnencrypted');
      const lenient = new EncryptedBlobStore(files, new KeyRing([KEY_A]), true);
      expect(bytes.equals(await lenient.read(key))).toBe(true);
      expect(bytes.subarray(70_000, 70_009).equals(await lenient.read(key, 70_000, 70_009))).toBe(true);
      expect(bytes.equals(await streamed(lenient, key))).toBe(true);
    });
  });

  describe('with several keys', () => {
    it('encrypts with the first and decrypts with all', async () => {
      const [before, after] = [uuidv7(), uuidv7()];
      await sealed(files, KEY_A).put(before, [Buffer.from('before')]);
      const rotated = sealed(files, KEY_B, KEY_A);
      await rotated.put(after, [Buffer.from('after')]);
      expect((await rotated.read(before)).toString()).toBe('before');
      expect((await rotated.read(after)).toString()).toBe('after');
      expect((await sealed(files, KEY_B).read(after)).toString()).toBe('after');
      await expect(sealed(files, KEY_B).read(before)).rejects.toThrow('the key "a", which is not configured');
      await expect(sealed(files, { ...KEY_B, id: 'a' }).read(before)).rejects.toThrow('another key than the one');
    });

    it('says at the start which key is missing or another one', async () => {
      await checkKeys(files, undefined);
      await checkKeys(files, new KeyRing([KEY_A]));
      await checkKeys(files, new KeyRing([KEY_B, KEY_A]));
      await checkKeys(files, new KeyRing([KEY_A, KEY_B]));
      await expect(checkKeys(files, new KeyRing([KEY_A]))).rejects.toThrow('the key "b", which is not there');
      await expect(checkKeys(files, undefined)).rejects.toThrow('the key "a", which is not there');
      await expect(checkKeys(files, new KeyRing([KEY_A, { ...KEY_A, id: 'b' }]))).rejects.toThrow('is not the one');
    });

    it('keeps what it knows of them out of sight, and no key in it', async () => {
      await checkKeys(files, new KeyRing([KEY_A]));
      const keys: string[] = [];
      for await (const key of sealed(files, KEY_A).keys()) keys.push(key);
      expect(keys).toEqual([]);
      const register = (await files.read(KEY_REGISTER)).toString();
      for (const form of ['hex', 'base64'] as const)
        expect(register).not.toContain(KEY_A.secret.toString(form).slice(0, 8));
    });
  });
});
