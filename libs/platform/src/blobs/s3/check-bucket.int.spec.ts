import { randomUUID } from 'node:crypto';
import { makeCertificate } from '../../../../../test/support/certificate.js';
import { FaultyProxy } from '../../../../../test/support/s3/faulty-proxy.js';
import { openBlobs } from '../../../../../test/support/s3/open-blobs.js';
import { TestBucket } from '../../../../../test/support/s3/test-bucket.js';
import { startTestS3 } from '../../../../../test/support/s3/test-s3.js';

const s3 = await startTestS3();
afterAll(() => s3?.stop());

(s3 ? describe : describe.skip)('a start with blobs in S3', () => {
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    bucket = await TestBucket.make(s3!);
    proxy = await FaultyProxy.start(s3!.endpoint);
    environment = { ...process.env };
    // nothing of the machine that the test runs on counts
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
  });
  afterEach(async () => {
    process.env = environment;
    await proxy.close();
    await bucket.remove();
  });

  const start = async (options: object): Promise<void> => {
    const blobs = await openBlobs({ Kind: 's3', S3: bucket.options({ MaxAttempts: 1, ...options }) }, true);
    await blobs.close();
  };

  it('tries what it will need and leaves nothing of that', async () => {
    await start({ Endpoint: proxy.endpoint });
    expect(proxy.requests.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['PUT', 'DELETE', 'GET']) as string[],
    );
    expect(await bucket.objects()).toEqual([]);
  });

  it.each([
    ['a bucket that is not there', { Bucket: `annal-${randomUUID()}` }, /S3\.Bucket: there is no such bucket.*Make it/],
    [
      'another secret',
      { SecretAccessKey: 'wrong' },
      /AccessKeyId: the credentials are refused \(SignatureDoesNotMatch\)/,
    ],
    ['an account that is not there', { AccessKeyId: 'nobody' }, /AccessKeyId: the credentials are refused/],
    ['another region', { Region: 'eu-west-1' }, /Region: the bucket is in another region/],
    ['a port at which nobody listens', { Endpoint: 'http://127.0.0.1:1' }, /Endpoint: nothing answers there/],
    ['no credentials', { AccessKeyId: undefined, SecretAccessKey: undefined }, /there are no credentials.*environment/],
  ])('is refused with %s, with the way out', async (_, options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  it.each([
    ['PUT', 403, /do not allow writing objects \(s3:PutObject\)/],
    ['PUT', 501, /Set ConditionalWrites or Checksums to false/],
    ['DELETE', 403, /do not allow removing objects \(s3:DeleteObject\)/],
    ['GET', 403, /do not allow listing objects \(s3:ListBucket\)/],
  ])('is refused where %s is answered %i, with the way out', async (method, status, message) => {
    proxy.fault = (request) => (request.method === method ? status : undefined);
    await expect(start({ Endpoint: proxy.endpoint })).rejects.toThrow(message);
    proxy.fault = () => undefined;
  });

  it('is refused without a region', async () => {
    const options = { Endpoint: undefined, Region: undefined };
    await expect(start(options)).rejects.toThrow(/Region: no region is known.*AWS_REGION/);
  });

  it('takes the credentials of the environment where none are configured', async () => {
    process.env.AWS_ACCESS_KEY_ID = s3!.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = s3!.secretAccessKey;
    await start({ AccessKeyId: undefined, SecretAccessKey: undefined });
  });

  it('trusts the certificate of an authority that is configured, and no other', async () => {
    const certificate = makeCertificate();
    const secure = await FaultyProxy.start(s3!.endpoint, certificate);
    const Endpoint = secure.endpoint;
    try {
      await expect(start({ Endpoint })).rejects.toThrow();
      await start({ Endpoint, CertificateAuthority: certificate.file });
    } finally {
      await secure.close();
      certificate.remove();
    }
  });
});
