import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TemporaryConfiguration } from '../../libs/platform/src/config/testing/temporary-configuration.js';
import { ArchiveServer } from '../support/archive-server.js';
import { makeCertificate } from '../support/certificate.js';
import { uploadAll } from '../support/clients.js';
import { sampleFile, type SampleFile } from '../support/sample-study.js';
import { FaultyProxy } from '../support/s3/faulty-proxy.js';
import { TestBucket } from '../support/s3/test-bucket.js';
import { startTestS3 } from '../support/s3/test-s3.js';

const s3 = await startTestS3();
afterAll(() => s3?.stop());

const MIB = 1024 * 1024;
const PIXELS = 500_000;
const noise = (size: number): Buffer => randomBytes(size);

(s3 ? describe : describe.skip)('a server with its files in S3', () => {
  let bucket: TestBucket;
  let server: ArchiveServer;
  beforeEach(async () => {
    bucket = await TestBucket.make(s3!);
  });
  afterEach(async () => {
    await server.close();
    await bucket.remove();
  });

  const start = async (storage: object = {}): Promise<void> => {
    const Storage = { Kind: 's3', S3: bucket.options({ Prefix: 'annal/' }), ...storage };
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 2, Storage } } });
  };
  /** The pixels, which are read from within the file. */
  const pixels = async ({ ids }: SampleFile): Promise<Buffer> => {
    const headers = { Accept: 'application/dicom+json' };
    const response = await server.fetch(`/instances/${ids.instance}/file`, { headers });
    const dataset = (await response.json()) as Record<string, { InlineBinary: string }>;
    return Buffer.from(dataset['7FE00010']!.InlineBinary, 'base64');
  };
  const whole = async ({ ids }: SampleFile): Promise<Buffer> =>
    Buffer.from(await (await server.fetch(`/instances/${ids.instance}/file`)).arrayBuffer());
  /** Resolves when there is nothing in the bucket but these. */
  const left = async (objects: readonly string[]): Promise<void> => {
    while ((await bucket.objects()).join() !== objects.join()) await new Promise((resolve) => setTimeout(resolve, 100));
  };

  const key = { Id: '2026', Key: randomBytes(32).toString('base64') };
  const register = 'annal/blobs/00/00000000-0000-7000-8000-000000000000.keys';
  it.each([
    ['as they are', {}, []],
    ['encrypted', { Encryption: { Keys: [key] } }, [register]],
  ])(
    'keeps them %s, gives them back whole and in parts, and leaves none when all are deleted',
    async (_, storage, rest) => {
      await start(storage);
      const files = [
        ...[1, 2, 3].map((instance) => sampleFile({ patient: 'S', study: 1, series: 1, instance }, noise(PIXELS))),
        sampleFile({ patient: 'S', study: 1, series: 2, instance: 1 }, noise(30 * MIB)),
      ];
      await uploadAll(server, files, 4);
      expect(await bucket.objects()).toHaveLength(files.length + rest.length);
      expect(await bucket.unfinished()).toEqual([]);
      for (const file of files) {
        expect(file.bytes.equals(await whole(file))).toBe(true);
      }
      for (const file of files.slice(0, 3)) expect(file.bytes.subarray(-PIXELS).equals(await pixels(file))).toBe(true);
      expect(await server.json(`/instances/${files[3]!.ids.instance}/simplified-tags`)).toMatchObject({
        PatientID: 'S',
      });
      expect((await server.fetch(`/patients/${files[0]!.ids.patient}`, { method: 'DELETE' })).status).toBe(200);
      await left(rest);
      expect(await bucket.unfinished()).toEqual([]);
    },
  );

  it('answers 503 while S3 is away, keeps nothing, and goes on when it is back', async () => {
    const proxy = await FaultyProxy.start(s3!.endpoint);
    const S3 = bucket.options({ Endpoint: proxy.endpoint, MaxAttempts: 2 });
    await start({ S3 });
    const files = [1, 2].map((instance) =>
      sampleFile({ patient: 'A', study: 1, series: 1, instance }, noise(instance === 1 ? PIXELS : 10 * MIB)),
    );
    const [kept] = await uploadAll(server, files.slice(0, 1), 1);
    await proxy.away();
    for (const file of files.slice(1)) {
      const refused = await server.fetch('/instances', { method: 'POST', body: new Uint8Array(file.bytes) });
      expect(refused.status).toBe(503);
      expect(refused.headers.get('Retry-After')).not.toBeNull();
      expect(await refused.text()).not.toMatch(new RegExp(`${bucket.name}|localhost:|AKIA`));
    }
    expect((await server.fetch(`/instances/${kept!.ID}/file`)).status).toBe(503);
    expect(await server.json('/instances')).toEqual([kept!.ID]);
    await proxy.back();
    expect(await bucket.objects()).toHaveLength(1);
    expect(await bucket.unfinished()).toEqual([]);
    await uploadAll(server, files, 1);
    for (const file of files) expect(file.bytes.equals(await whole(file))).toBe(true);
    await proxy.close();
  });

  it('keeps nothing of what is refused or cut off', async () => {
    await start();
    const large = noise(30 * MIB);
    expect((await server.upload(large)).status).toBe(400);
    // begins as DICOM files do, and is none
    Buffer.from('DICM').copy(large, 128);
    expect((await server.upload(large)).status).toBe(400);
    const file = sampleFile({ patient: 'C', study: 1, series: 1, instance: 1 }, noise(30 * MIB));
    const cut = new AbortController();
    const upload = server.fetch('/instances', {
      method: 'POST',
      body: new ReadableStream({
        async pull(controller) {
          controller.enqueue(new Uint8Array(file.bytes.subarray(0, 20 * MIB)));
          while ((await bucket.unfinished()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
          cut.abort();
        },
      }),
      duplex: 'half',
      signal: cut.signal,
    });
    await expect(upload).rejects.toThrow();
    while ((await bucket.unfinished()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await left([]);
    expect(await server.json('/instances')).toEqual([]);
  });
});

(s3 ? describe : describe.skip)('a server whose files cannot be in S3', () => {
  it.each([
    ['a bucket that is not there', { Bucket: 'annal-nothing-there' }, /S3\.Bucket: there is no such bucket\. Make it/],
    [
      'an endpoint whose certificate nobody vouches for',
      {},
      /S3\.CertificateAuthority: the certificate .* not trusted/,
    ],
    ['a wrong secret', { SecretAccessKey: 'wrong-secret' }, /S3\.AccessKeyId: the credentials are refused/],
  ])('does not start with %s, and says the way out but no secret', async (_, options, message) => {
    const certificate = makeCertificate();
    const proxy = await FaultyProxy.start(s3!.endpoint, certificate);
    const bucket = await TestBucket.make(s3!);
    const files = new TemporaryConfiguration();
    const trusted = message.source.includes('Certificate') ? {} : { CertificateAuthority: certificate.file };
    const S3 = bucket.options({ Endpoint: proxy.endpoint, ...trusted, ...options });
    const file = files.write('annal.json', { Annal: { Storage: { Kind: 's3', S3 } } });
    try {
      const failed = await promisify(execFile)(join(import.meta.dirname, '../../bin/annal'), [file]).then(
        () => undefined,
        (error: { code: number; stderr: string }) => error,
      );
      expect(failed?.code).toBe(1);
      expect(failed?.stderr).toMatch(message);
      expect(failed?.stderr).not.toMatch(new RegExp(`wrong-secret|${s3!.secretAccessKey}`));
    } finally {
      files.remove();
      await bucket.remove();
      await proxy.close();
      certificate.remove();
    }
  });
});
