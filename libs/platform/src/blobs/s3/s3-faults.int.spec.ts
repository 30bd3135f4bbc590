import { randomBytes } from 'node:crypto';
import { BlobMissing, type BlobStore, BlobStoreUnavailable } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { DeafServer } from '../../../../../test/support/s3/deaf-server.js';
import { FaultyProxy } from '../../../../../test/support/s3/faulty-proxy.js';
import { openBlobs } from '../../../../../test/support/s3/open-blobs.js';
import { TestBucket } from '../../../../../test/support/s3/test-bucket.js';
import { startTestS3 } from '../../../../../test/support/s3/test-s3.js';

const s3 = await startTestS3();
afterAll(() => s3?.stop());

const MIB = 1024 * 1024;
const PART = 5 * MIB;

(s3 ? describe : describe.skip)('blobs in an S3 that fails at times', () => {
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  let blobs: BlobStore;
  const key = uuidv7();
  beforeEach(async () => {
    bucket = await TestBucket.make(s3!);
    proxy = await FaultyProxy.start(s3!.endpoint);
    blobs = await open({});
  });
  afterEach(async () => {
    await blobs.close();
    await proxy.close();
    await bucket.remove();
  });

  const open = (options: object): Promise<BlobStore> =>
    openBlobs({
      Kind: 's3',
      S3: bucket.options({ Endpoint: proxy.endpoint, MaxAttempts: 3, RequestTimeout: 5, PartSize: PART, ...options }),
    });
  const streamed = async (...range: Parameters<BlobStore['stream']>): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of (await blobs.stream(...range)) as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  /** This for the first so many requests of a method whose URL matches. */
  const first = (count: number, method: string, fault: ReturnType<FaultyProxy['fault']>, url = /./) => {
    let left = count;
    proxy.fault = (request) => (request.method === method && url.test(request.url) && left-- > 0 ? fault : undefined);
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  describe('a write', () => {
    it.each(['hang-up', 'lose-answer', 503] as const)('is tried again after %s, and is there once', async (fault) => {
      first(2, 'PUT', fault);
      await blobs.put(key, [Buffer.from('x')]);
      expect(proxy.seen('PUT')).toHaveLength(3);
      expect((await blobs.read(key)).toString()).toBe('x');
    });

    it('is tried again when S3 says nothing', async () => {
      await blobs.close();
      blobs = await open({ RequestTimeout: 0.2, MaxAttempts: 20 });
      first(2, 'PUT', 'silence');
      await blobs.put(key, [Buffer.from('x')]);
      expect(proxy.seen('PUT').length).toBeGreaterThanOrEqual(3);
    });

    it('fails while S3 is away, says nothing of where that is, leaves nothing, and works when S3 is back', async () => {
      await proxy.away();
      const error = await blobs.put(key, [Buffer.from('x')]).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BlobStoreUnavailable);
      expect(Object.values(error as object).join() + (error as Error).message).not.toMatch(
        new RegExp(`localhost|127\\.0\\.0\\.1|${bucket.name}|${key}`),
      );
      await proxy.back();
      expect(await bucket.objects()).toEqual([]);
      await blobs.put(key, [Buffer.from('x')]);
      expect((await blobs.read(key)).toString()).toBe('x');
    });

    it('fails after so many tries as are allowed, and remove clears away what S3 made of it', async () => {
      first(9, 'PUT', 'lose-answer');
      await expect(blobs.put(key, [Buffer.from('x')])).rejects.toBeInstanceOf(BlobStoreUnavailable);
      expect(proxy.seen('PUT')).toHaveLength(3);
      await blobs.remove(key);
      expect(await bucket.objects()).toEqual([]);
    });

    it('does not take the blob of another for its own', async () => {
      await blobs.put(key, [Buffer.from('first')]);
      first(1, 'PUT', 'hang-up');
      await expect(blobs.put(key, [Buffer.from('second')])).rejects.toThrow('PreconditionFailed');
      expect((await blobs.read(key)).toString()).toBe('first');
    });

    it('does not wait for a connection that never comes about', async () => {
      const closed = await DeafServer.start();
      await blobs.close();
      blobs = await open({ Endpoint: closed.endpoint, ConnectionTimeout: 0.1, RequestTimeout: 3600 });
      await expect(blobs.put(key, [Buffer.from('x')])).rejects.toBeInstanceOf(BlobStoreUnavailable);
      await closed.stop();
    });

    it('that S3 has no room for says so', async () => {
      first(9, 'PUT', 507);
      await expect(blobs.put(key, [Buffer.from('x')])).rejects.toThrow('The object store has no room');
    });

    it('may be without condition and checksum for services that know neither', async () => {
      await blobs.close();
      blobs = await open({ ConditionalWrites: false, Checksums: false });
      await blobs.put(key, [Buffer.from('x')]);
      const { headers } = proxy.seen('PUT')[0]!;
      expect(Object.keys(headers).filter((name) => /if-none-match|checksum/.test(name))).toEqual([]);
    });
  });

  describe('a blob of many parts', () => {
    const bytes = randomBytes(3 * PART + 1000);
    const write = async (from = 0, to = bytes.length) => {
      const writer = await blobs.create(key);
      try {
        for (let at = from; at < to; at += 700_000)
          await writer.write([bytes.subarray(at, Math.min(to, at + 700_000))]);
        await writer.commit();
      } catch (error) {
        await writer.abort();
        throw error;
      }
    };
    const PARTS = /partNumber=/;

    it('is there as a whole, whatever is tried again', async () => {
      const tries = new Map<string, number>();
      proxy.fault = ({ method, url }) => {
        if (method !== 'PUT' && method !== 'POST') return undefined;
        const before = tries.get(method + url) ?? 0;
        tries.set(method + url, before + 1);
        return (['hang-up', 'lose-answer'] as const)[before];
      };
      await write();
      expect(new Set(proxy.seen('PUT', PARTS).map(({ url }) => /partNumber=(\d+)/.exec(url)![1])).size).toBe(4);
      proxy.fault = () => undefined;
      expect(bytes.equals(await blobs.read(key))).toBe(true);
      expect(bytes.subarray(PART - 5, PART + 5).equals(await blobs.read(key, PART - 5, PART + 5))).toBe(true);
      // begun without anybody knowing: a matter of purgeUnfinished
      expect(await bucket.unfinished()).toHaveLength(1);
    });

    it('is completed once when the answer to that is lost', async () => {
      first(1, 'POST', 'lose-answer', /uploadId=/);
      await write();
      expect(proxy.seen('POST', /uploadId=/)).toHaveLength(2);
      expect(bytes.equals(await blobs.read(key))).toBe(true);
    });

    it('may also come at once, and have parts that are just full', async () => {
      await blobs.put(key, [bytes.subarray(0, 2 * PART)]);
      expect(proxy.seen('PUT', PARTS)).toHaveLength(2);
      expect(bytes.subarray(0, 2 * PART).equals(await blobs.read(key))).toBe(true);
    });

    it('goes in one request where it fits in one part', async () => {
      await write(0, PART);
      expect(proxy.seen('PUT', PARTS)).toHaveLength(0);
      expect(bytes.subarray(0, PART).equals(await blobs.read(key))).toBe(true);
    });

    it.each([
      ['a part is refused', 'PUT', 'hang-up', PARTS],
      ['it cannot be begun', 'POST', 'hang-up', /uploads/],
      ['it cannot be completed', 'POST', 'hang-up', /uploadId=/],
    ] as const)('leaves nothing when %s', async (_, method, fault, url) => {
      first(99, method, fault, url);
      await expect(write()).rejects.toBeInstanceOf(BlobStoreUnavailable);
      expect(await bucket.unfinished()).toEqual([]);
      expect(await bucket.objects()).toEqual([]);
    });

    it('leaves nothing when it is given up, before its end and after', async () => {
      for (const ended of [false, true]) {
        const writer = await blobs.create(key);
        await writer.write([bytes]);
        if (ended) await writer.end();
        expect(ended ? await bucket.objects() : await bucket.unfinished()).toHaveLength(1);
        await writer.abort();
        expect(await bucket.unfinished()).toEqual([]);
        expect(await bucket.objects()).toEqual([]);
      }
    });

    it('leaves nothing when it is given up in the midst of a write, or of its end', async () => {
      for (const step of ['write', 'end'] as const) {
        const writer = await blobs.create(key);
        if (step === 'end') await writer.write([bytes]);
        const cut = step === 'end' ? writer.end() : writer.write([bytes]);
        const settled = cut.catch(() => undefined);
        await writer.abort();
        await settled;
        expect(await bucket.unfinished()).toEqual([]);
        expect(await bucket.objects()).toEqual([]);
      }
    });

    it('is not mixed with others that come at the same time', async () => {
      await blobs.close();
      blobs = await open({ MaxConcurrentParts: 2 });
      const others = Array.from({ length: 6 }, () => ({ key: uuidv7(), content: randomBytes(2 * PART + 10) }));
      await Promise.all(
        others.map(async ({ key: other, content }) => {
          const writer = await blobs.create(other);
          for (let at = 0; at < content.length; at += MIB) await writer.write([content.subarray(at, at + MIB)]);
          await writer.commit();
        }),
      );
      for (const { key: other, content } of others) expect(content.equals(await blobs.read(other))).toBe(true);
    });

    it('is not sent faster than S3 takes it', async () => {
      await blobs.close();
      blobs = await open({ MaxConcurrentParts: 1 });
      const held = new Set<string>();
      proxy.fault = ({ url }) => {
        if (PARTS.test(url)) held.add(url);
        return PARTS.test(url) ? 'silence' : undefined;
      };
      const writer = await blobs.create(key);
      let taken = 0;
      const writing = (async () => {
        for (let at = 0; at < bytes.length; at += MIB) {
          await writer.write([bytes.subarray(at, at + MIB)]);
          taken = at + MIB;
        }
      })().catch(() => undefined);
      await until(() => held.size === 1);
      await until(() => taken >= 2 * PART);
      // one part is under way and one is full: there is no room for more
      expect(taken).toBe(2 * PART);
      expect(held.size).toBe(1);
      proxy.fault = () => 'hang-up';
      await proxy.away();
      await writing;
      await proxy.back();
      proxy.fault = () => undefined;
      await writer.abort();
      expect(await bucket.unfinished()).toEqual([]);
    });

    it('that nobody finished is given up after its time', async () => {
      const writer = await blobs.create(key);
      await writer.write([bytes]);
      await until(async () => (await bucket.unfinished()).length === 1);
      await blobs.purgeUnfinished(new Date(Date.now() - 3_600_000));
      expect(await bucket.unfinished()).toHaveLength(1);
      // a part under way may still arrive
      await until(async () => {
        await blobs.purgeUnfinished(new Date(Date.now() + 3_600_000));
        return (await bucket.unfinished()).length === 0;
      });
      await expect(writer.commit()).rejects.toBeInstanceOf(BlobStoreUnavailable);
      await writer.abort();
      expect(await bucket.objects()).toEqual([]);
    });
  });

  describe('a read', () => {
    const bytes = randomBytes(4 * MIB);
    beforeEach(() => blobs.put(key, [bytes]));

    it('goes on where its connection broke', async () => {
      first(3, 'GET', { cutAfter: MIB });
      expect(bytes.equals(await streamed(key))).toBe(true);
      expect(proxy.seen('GET').length).toBeGreaterThanOrEqual(4);
      expect(proxy.seen('GET')[1]!.headers.range).toMatch(/^bytes=[1-9]\d*-4194303$/);
      first(1, 'GET', { cutAfter: 1000 });
      expect(bytes.subarray(5000, 200_000).equals(await blobs.read(key, 5000, 200_000))).toBe(true);
    });

    it('fails when connections break again and again without a byte', async () => {
      const stream = await blobs.stream(key);
      proxy.fault = () => 'hang-up';
      await proxy.away();
      await proxy.back();
      await expect(stream.toArray()).rejects.toBeInstanceOf(BlobStoreUnavailable);
      proxy.fault = () => undefined;
      first(99, 'GET', { cutAfter: 0 });
      await expect(blobs.read(key)).rejects.toBeInstanceOf(BlobStoreUnavailable);
    });

    it('that the blob is removed from under fails', async () => {
      first(1, 'GET', { cutAfter: MIB });
      const stream = await blobs.stream(key);
      await blobs.remove(key);
      await expect(stream.toArray()).rejects.toBeInstanceOf(BlobMissing);
    });

    it('may pause for longer than a connection stays open', async () => {
      const large = uuidv7();
      const content = randomBytes(30 * MIB);
      await blobs.put(large, [content]);
      await blobs.close();
      blobs = await open({ RequestTimeout: 0.2, MaxAttempts: 20 });
      const stream = (await blobs.stream(large))[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      const chunks = [(await stream.next()).value as Buffer];
      await until(() => proxy.connections === 0);
      for (let next = await stream.next(); !next.done; next = await stream.next()) chunks.push(next.value);
      expect(content.equals(Buffer.concat(chunks))).toBe(true);
    });

    it('ends its connection when it is given up', async () => {
      const large = uuidv7();
      // more than the system takes in advance
      await blobs.put(large, [randomBytes(30 * MIB)]);
      await blobs.close();
      blobs = await open({ RequestTimeout: 3600 });
      await until(() => proxy.connections === 0);
      const stream = await blobs.stream(large);
      expect(proxy.connections).toBe(1);
      stream.destroy();
      await until(() => proxy.connections === 0);
    });
  });
});
