import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { BlobMissing, type BlobStore, type Mark } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';

/** A blob store under test. */
export interface BlobStoreSubject {
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

/** What every adapter of the BlobStore port must do; run by the test of each. */
export function describeBlobStoreContract(name: string, open: () => Promise<BlobStoreSubject>): void {
  describe(`${name} keeps the contract of a blob store`, () => {
    let subject: BlobStoreSubject;
    let blobs: BlobStore;
    beforeEach(async () => {
      subject = await open();
      ({ blobs } = subject);
    });
    afterEach(() => subject.close());

    const keys = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const key of blobs.keys()) found.push(key);
      return found.sort();
    };
    const streamed = async (...range: Parameters<BlobStore['stream']>): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      for await (const chunk of (await blobs.stream(...range)) as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    const pattern = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 31) >>> 2));

    it('gives back what was put, whole and in parts', async () => {
      const key = uuidv7();
      const bytes = pattern(300_000);
      await blobs.put(key, [
        bytes.subarray(0, 1000),
        bytes.subarray(1000, 1001),
        Buffer.alloc(0),
        bytes.subarray(1001),
      ]);
      expect(bytes.equals(await blobs.read(key))).toBe(true);
      expect(bytes.equals(await streamed(key))).toBe(true);
      for (const [start, end] of [
        [0, 1],
        [999, 1002],
        [299_999, 300_000],
        [10, 10],
        [1000, undefined],
      ] as const) {
        const part = bytes.subarray(start, end);
        expect(part.equals(await blobs.read(key, start, end))).toBe(true);
        expect(part.equals(await streamed(key, start, end))).toBe(true);
      }
    });

    it('takes a blob of no bytes, and one of very many pieces', async () => {
      const [empty, pieces] = [uuidv7(), uuidv7()];
      await blobs.put(empty, []);
      await blobs.put(
        pieces,
        Array.from({ length: 3000 }, (_, i) => Buffer.of(i & 0xff)),
      );
      expect(await blobs.read(empty)).toHaveLength(0);
      expect(await streamed(pieces)).toEqual(Buffer.from(Array.from({ length: 3000 }, (_, i) => i & 0xff)));
    });

    it('takes a blob piece by piece', async () => {
      const key = uuidv7();
      const writer = await blobs.create(key);
      const bytes = pattern(2_000_000);
      for (let at = 0; at < bytes.length; at += 300_000) await writer.write([bytes.subarray(at, at + 300_000)]);
      await writer.commit();
      expect(bytes.equals(await blobs.read(key))).toBe(true);
      expect(await keys()).toEqual([key]);
    });

    it('lets a blob be read back once it is ended, and then be committed or given up', async () => {
      const [kept, dropped] = [uuidv7(), uuidv7()];
      const bytes = pattern(200_001);
      for (const key of [kept, dropped]) {
        const writer = await blobs.create(key);
        await writer.write([bytes.subarray(0, 150_000)]);
        await writer.write([bytes.subarray(150_000)]);
        await writer.end();
        expect(bytes.equals(await streamed(key))).toBe(true);
        expect(bytes.subarray(10, 20).equals(await blobs.read(key, 10, 20))).toBe(true);
        await (key === kept ? writer.commit() : writer.abort());
      }
      expect(await keys()).toEqual([kept]);
      expect(bytes.equals(await blobs.read(kept))).toBe(true);
      await expect(blobs.read(dropped)).rejects.toBeInstanceOf(BlobMissing);
    });

    it('leaves nothing of a blob that was given up', async () => {
      const key = uuidv7();
      const writer = await blobs.create(key);
      await writer.write([pattern(100_000)]);
      await writer.abort();
      await writer.abort();
      await expect(writer.write([pattern(100_000)])).rejects.toThrow();
      expect(await keys()).toEqual([]);
      await expect(blobs.read(key)).rejects.toBeInstanceOf(BlobMissing);
    });

    it('keeps no hold on the chunks it was given', async () => {
      const [put, written] = [uuidv7(), uuidv7()];
      const bytes = pattern(100_000);
      const chunk = (): Buffer => Buffer.from(Uint8Array.from(bytes).buffer);
      const empty = (emptied: Buffer): void => void (emptied.buffer as ArrayBuffer).transfer(0);
      const whole = chunk();
      await blobs.put(put, [whole]);
      empty(whole);
      const writer = await blobs.create(written);
      for (let i = 0; i < 2; i++) {
        const part = chunk();
        await writer.write([part]);
        empty(part);
      }
      await writer.commit();
      expect(bytes.equals(await blobs.read(put))).toBe(true);
      expect(Buffer.concat([bytes, bytes]).equals(await blobs.read(written))).toBe(true);
    });

    it('ends a stream that is given up early, read from or not', async () => {
      const key = uuidv7();
      await blobs.put(key, [pattern(3_000_000)]);
      for (const read of [false, true]) {
        const stream = await blobs.stream(key);
        if (read) await once(stream, 'readable');
        stream.destroy();
        await finished(stream).catch(() => undefined);
        expect(stream.destroyed).toBe(true);
      }
      expect(await blobs.read(key, 0, 1)).toHaveLength(1);
    });

    it('has nothing beyond the end of a blob', async () => {
      const key = uuidv7();
      await blobs.put(key, [pattern(100)]);
      for (const range of [[100, 200], [5000, 6000], [100]] as const) {
        expect(await blobs.read(key, ...range)).toHaveLength(0);
        expect(await streamed(key, ...range)).toHaveLength(0);
      }
      expect(await blobs.read(key, 90, 200)).toHaveLength(10);
      expect(await streamed(key, 90, 200)).toHaveLength(10);
    });

    it('never writes under a key twice', async () => {
      const key = uuidv7();
      await blobs.put(key, [Buffer.from('first')]);
      await expect(blobs.put(key, [Buffer.from('second')])).rejects.toThrow();
      await expect(blobs.create(key)).rejects.toThrow();
      expect(await blobs.read(key)).toEqual(Buffer.from('first'));
    });

    it('forgets what was removed, and does not mind what is not there', async () => {
      const key = uuidv7();
      await blobs.put(key, [Buffer.from('x')]);
      await blobs.remove(key);
      await blobs.remove(key);
      await expect(blobs.read(key)).rejects.toBeInstanceOf(BlobMissing);
      await expect(blobs.stream(key)).rejects.toBeInstanceOf(BlobMissing);
      expect(await keys()).toEqual([]);
    });

    it('lists every key, those with a suffix too', async () => {
      expect(await keys()).toEqual([]);
      const stored = Array.from({ length: 50 }, (_, i) => uuidv7({ msecs: i * 86_400_000 }));
      stored.push(`${stored[0]}.header`);
      await Promise.all(stored.map((key) => blobs.put(key, [Buffer.from(key)])));
      expect(await keys()).toEqual(stored.sort());
    });

    it.each(['', '..', '../../etc/passwd', '/etc/passwd', 'a\0b', `${'0'.repeat(36)}/x`, '../'.repeat(12)])(
      'has nothing under %j, which is no key',
      async (key) => {
        await expect(blobs.read(key)).rejects.toBeInstanceOf(BlobMissing);
        await expect(blobs.put(key, [Buffer.from('x')])).rejects.toThrow();
      },
    );

    it('puts a blob out of sight, and away for good once its time is over', async () => {
      const key = uuidv7({ msecs: 0 });
      await blobs.put(key, [Buffer.from('x')]);
      await blobs.quarantine(key);
      await blobs.quarantine(key);
      expect(await keys()).toEqual([]);
      await expect(blobs.read(key)).rejects.toBeInstanceOf(BlobMissing);
      await blobs.purgeQuarantine(new Date(0));
      await blobs.purgeQuarantine(new Date(Date.now() + 60_000));
      await blobs.purgeUnfinished(new Date(Date.now() + 60_000));
      expect(await keys()).toEqual([]);
    });

    it('gives out keys once, under which blobs are put or written piece by piece; the rest leaves nothing behind', async () => {
      const used: string[] = [];
      for (let round = 0; round < 6; round++) {
        const some = Array.from({ length: 15 }, () => blobs.newKey());
        await Promise.all(some.slice(0, 8).map((key) => blobs.put(key, [Buffer.from(key)])));
        const writer = await blobs.create(some[8]!);
        await writer.write([Buffer.from(some[8]!)]);
        await writer.commit();
        await (await blobs.create(some[9]!)).abort();
        for (const key of some.slice(10)) await blobs.remove(key);
        used.push(...some.slice(0, 9));
      }
      expect(new Set(used).size).toBe(used.length);
      await blobs.close();
      expect(await keys()).toEqual(used.sort());
      for (const key of used) expect((await blobs.read(key)).toString()).toBe(key);
    });

    it('keeps marks apart from the blobs, for good, and lists them in the order of their names', async () => {
      const marks = async (after: string): Promise<Mark[]> => {
        const found: Mark[] = [];
        for await (const mark of blobs.marks(after)) found.push(mark);
        return found;
      };
      expect(await marks('')).toEqual([]);
      const made = [3, 1, 2].map((n) => ({ name: uuidv7({ msecs: n }), text: `{"n":${n}}` }));
      for (const mark of made) await blobs.mark(mark);
      const [third, first, second] = made;
      expect(await marks('')).toEqual([first, second, third]);
      expect(await marks(first!.name)).toEqual([second, third]);
      expect(await marks(third!.name)).toEqual([]);
      expect(await keys()).toEqual([]);
      await expect(blobs.mark({ name: '../x', text: '' })).rejects.toThrow('Not the name of a mark');
    });

    it('tells what is empty', async () => {
      const [empty, full] = [uuidv7(), uuidv7()];
      await blobs.put(empty, []);
      await blobs.put(full, [Buffer.from('x')]);
      expect(await Promise.all([empty, full, uuidv7()].map((key) => blobs.isEmpty(key)))).toEqual([true, false, false]);
    });

    it('serves many at once', async () => {
      const stored = Array.from({ length: 64 }, (_, i) => ({ key: uuidv7(), bytes: pattern(1000 + i) }));
      await Promise.all(stored.map(({ key, bytes }) => blobs.put(key, [bytes])));
      const read = await Promise.all(stored.map(({ key }) => blobs.read(key)));
      expect(read).toEqual(stored.map(({ bytes }) => bytes));
    });
  });
}
