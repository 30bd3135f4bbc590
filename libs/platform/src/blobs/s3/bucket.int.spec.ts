import { randomBytes } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { v7 as uuidv7 } from 'uuid';
import { openBlobs } from '../../../../../test/support/s3/open-blobs.js';
import { TestBucket } from '../../../../../test/support/s3/test-bucket.js';
import { startTestS3 } from '../../../../../test/support/s3/test-s3.js';
import { Bucket } from './bucket.js';
import { copyObject } from './copy-object.js';
import { ObjectNames } from './object-names.js';

const s3 = await startTestS3();
afterAll(() => s3?.stop());

const MIB = 1024 * 1024;

(s3 ? describe : describe.skip)('the objects of a bucket', () => {
  let outside: TestBucket;
  let bucket: Bucket;
  beforeEach(async () => {
    outside = await TestBucket.make(s3!);
    bucket = new Bucket(outside.client, {
      name: outside.name,
      attempts: 3,
      conditional: true,
      checksums: true,
      encryption: { write: {}, access: {}, copySource: {} },
    });
  });
  afterEach(() => outside.remove());

  it('are listed beyond the thousand of one answer, each once', async () => {
    const names = new ObjectNames('a/');
    const keys = Array.from({ length: 1003 }, () => uuidv7());
    let next = 0;
    const put = async (): Promise<void> => {
      while (next < keys.length) {
        const Key = names.blob(keys[next++]!);
        await outside.client.send(new PutObjectCommand({ Bucket: outside.name, Key, Body: 'x' }));
      }
    };
    await Promise.all(Array.from({ length: 16 }, put));
    const blobs = await openBlobs({ Kind: 's3', S3: outside.options({ Prefix: 'a/' }) });
    const found: string[] = [];
    for await (const key of blobs.keys()) found.push(key);
    expect(found.sort()).toEqual(keys.sort());
    await blobs.close();
  });

  it('that are none of ours are neither seen nor touched', async () => {
    const strange = [
      'a/blobs/x',
      'a/blobs/00/no-key',
      `a/blobs/zz/${uuidv7()}`,
      `blobs/00/${uuidv7()}`,
      'a/other',
      'a/quarantine/x',
    ];
    for (const Key of strange)
      await outside.client.send(new PutObjectCommand({ Bucket: outside.name, Key, Body: 'x' }));
    const blobs = await openBlobs({ Kind: 's3', S3: outside.options({ Prefix: 'a/' }) });
    for await (const key of blobs.keys()) throw new Error(`Found ${key}`);
    await blobs.purgeQuarantine(new Date(Date.now() + 3_600_000));
    expect(await outside.objects()).toEqual(strange.sort());
    await blobs.close();
  });

  it('are copied in parts where they are large, without leaving one behind', async () => {
    const bytes = randomBytes(13 * MIB);
    await bucket.put('from', bytes);
    await copyObject(bucket, 'from', 'to +ä', bytes.length, 5 * MIB);
    const copied = await bucket.get('to +ä', 0);
    expect(bytes.equals(Buffer.concat((await copied!.body.toArray()) as Buffer[]))).toBe(true);
    await copyObject(bucket, 'from', 'to +ä', bytes.length, 5 * MIB);
    await expect(copyObject(bucket, 'nothing', 'to', bytes.length, 5 * MIB)).rejects.toMatchObject({ isMissing: true });
    expect(await outside.objects()).toEqual(['from', 'to +ä']);
    expect(await outside.unfinished()).toEqual([]);
  });
});

describe('the names of objects', () => {
  const key = '0198c5a0-0000-7000-8000-0000000000ab';

  it('begin with the prefix and random digits of the key, whatever its suffix', () => {
    const names = new ObjectNames('p/q/');
    expect(names.blob(key)).toBe(`p/q/blobs/ab/${key}`);
    expect(names.blob(`${key}.header`)).toBe(`p/q/blobs/ab/${key}.header`);
    expect(names.quarantined(key)).toBe(`p/q/quarantine/${key}`);
    expect(new ObjectNames('').blob(key)).toBe(`blobs/ab/${key}`);
  });

  it('say which key they are of, if any', () => {
    const names = new ObjectNames('p/');
    expect(names.keyOf(`p/blobs/ab/${key}.header`)).toBe(`${key}.header`);
    for (const name of [`p/blobs/ac/${key}`, `blobs/ab/${key}`, `p/blobs/ab/${key}/`, 'p/blobs/ab/']) {
      expect(names.keyOf(name)).toBeUndefined();
    }
  });
});
