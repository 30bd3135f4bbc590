import { createHash, randomBytes } from 'node:crypto';
import type { BlobStore } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { makeCertificate, type TestCertificate } from '../../../../../test/support/certificate.js';
import { FaultyProxy, type SeenRequest } from '../../../../../test/support/s3/faulty-proxy.js';
import { openBlobs } from '../../../../../test/support/s3/open-blobs.js';
import { TestBucket } from '../../../../../test/support/s3/test-bucket.js';
import { startTestS3 } from '../../../../../test/support/s3/test-s3.js';

const s3 = await startTestS3();
afterAll(() => s3?.stop());

const PART = 5 * 1024 * 1024;
const KEY = randomBytes(32);
const HEADER = 'x-amz-server-side-encryption';
const KEY_HEADERS = {
  [`${HEADER}-customer-algorithm`]: 'AES256',
  [`${HEADER}-customer-key`]: KEY.toString('base64'),
  [`${HEADER}-customer-key-md5`]: createHash('md5').update(KEY).digest('base64'),
};
const SOURCE_HEADERS = Object.fromEntries(
  Object.entries(KEY_HEADERS).map(([name, value]) => [name.replace('x-amz-', 'x-amz-copy-source-'), value]),
);

/** What a request of S3 does, as far as its encryption goes. */
type Kind = 'put' | 'copy' | 'begin' | 'part' | 'complete' | 'get' | 'head';

function kindOf({ method, url, headers }: SeenRequest): Kind | undefined {
  if (headers['x-amz-copy-source'] !== undefined) return 'copy';
  if (method === 'PUT') return url.includes('partNumber=') ? 'part' : 'put';
  if (method === 'POST') return url.includes('uploadId=') ? 'complete' : 'begin';
  if (method === 'HEAD') return 'head';
  return method === 'GET' && !url.includes('list-type') ? 'get' : undefined;
}

// the server of the tests does not encrypt: what counts is what it is asked for (see docs/operations.md for one that does)
(s3 ? describe : describe.skip)('encryption by S3', () => {
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  let certificate: TestCertificate;
  let blobs: BlobStore;
  beforeEach(async () => {
    certificate = makeCertificate();
    bucket = await TestBucket.make(s3!);
    proxy = await FaultyProxy.start(s3!.endpoint, certificate);
  });
  afterEach(async () => {
    await blobs.close();
    await proxy.close();
    await bucket.remove();
    certificate.remove();
  });

  /** Does all that is done with blobs; the headers of encryption that each kind of request had. */
  async function used(encryption: object): Promise<Map<Kind, Record<string, unknown>>> {
    blobs = await openBlobs({
      Kind: 's3',
      S3: bucket.options({
        Endpoint: proxy.endpoint,
        CertificateAuthority: certificate.file,
        PartSize: PART,
        ServerSideEncryption: encryption,
      }),
    });
    const [small, large] = [uuidv7(), uuidv7()];
    await blobs.put(small, [Buffer.from('x')]);
    await blobs.put(large, [randomBytes(PART + 1)]);
    expect((await blobs.read(small)).toString()).toBe('x');
    await blobs.quarantine(large);
    const found = new Map<Kind, Record<string, unknown>>();
    for (const request of proxy.requests) {
      const kind = kindOf(request);
      if (!kind) continue;
      const headers = Object.entries(request.headers).filter(([name]) => name.includes('server-side-encryption'));
      const had = Object.fromEntries(headers);
      if (found.has(kind)) expect(had).toEqual(found.get(kind));
      found.set(kind, had);
    }
    return found;
  }
  const expected = (write: object, access: object, source: object = {}): Map<Kind, object> =>
    new Map(
      Object.entries({
        put: write,
        begin: write,
        copy: { ...write, ...source },
        part: access,
        complete: access,
        get: access,
        head: access,
      }) as [Kind, object][],
    );

  it.each([
    ['the bucket', {}, {}],
    ['keys of S3', { Kind: 's3' }, { [HEADER]: 'AES256' }],
    ["the account's key", { Kind: 'kms' }, { [HEADER]: 'aws:kms' }],
    [
      'a key of the key management service',
      { Kind: 'kms', KmsKeyId: 'alias/images' },
      { [HEADER]: 'aws:kms', [`${HEADER}-aws-kms-key-id`]: 'alias/images' },
    ],
  ])('is left to %s', async (_, options, write) => {
    expect(await used(options)).toEqual(expected(write, {}));
  });

  it('is done with the key that every request carries', async () => {
    const options = { Kind: 'customer', CustomerKey: KEY.toString('base64') };
    expect(await used(options)).toEqual(expected(KEY_HEADERS, KEY_HEADERS, SOURCE_HEADERS));
  });
});
