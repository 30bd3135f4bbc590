import { randomBytes } from 'node:crypto';
import { readEncryptionKeys } from '../encryption-keys.js';
import { TemporaryConfiguration } from '../testing/temporary-configuration.js';

describe('Annal.Storage', () => {
  let files: TemporaryConfiguration;
  beforeAll(() => {
    files = new TemporaryConfiguration();
  });
  afterAll(() => files.remove());

  const load = (storage: object, more: object = {}) => files.loadContent({ Annal: { Storage: storage, ...more } });
  const s3 = (options: object, more: object = {}) =>
    load({ Kind: 's3', S3: { Bucket: 'images', ...options }, ...more });
  const secret = randomBytes(32).toString('base64');
  const keys = { Encryption: { Keys: [{ Id: 'a', Key: secret }] } };

  it('takes a bucket with nothing but its name, and all there is to say of one', () => {
    expect(s3({})).toMatchObject({ errors: [], warnings: [] });
    const { configuration, errors, warnings } = s3({
      Prefix: 'annal/one/',
      Region: 'eu-west-1',
      Endpoint: 'https://s3.example:9000',
      AccessKeyId: 'name',
      SecretAccessKey: 'secret',
      ForcePathStyle: true,
      ServerSideEncryption: { Kind: 'customer', CustomerKey: secret },
    });
    expect([errors, warnings]).toEqual([[], []]);
    expect(configuration?.Annal.Storage.S3).toMatchObject({ Bucket: 'images', Prefix: 'annal/one/', MaxAttempts: 4 });
  });

  it.each([
    [{ Bucket: undefined }, /set Annal\.Storage\.S3\.Bucket/],
    [{ AccessKeyId: 'name' }, /both AccessKeyId and SecretAccessKey/],
    [{ SecretAccessKey: 'secret' }, /both AccessKeyId and SecretAccessKey/],
    [{ ServerSideEncryption: { KmsKeyId: 'k' } }, /set Kind to "kms", or remove KmsKeyId/],
    [{ ServerSideEncryption: { CustomerKey: secret } }, /set both or neither/],
    [{ ServerSideEncryption: { Kind: 'customer' } }, /set both or neither/],
    [
      { Endpoint: 'http://127.0.0.1:9000', ServerSideEncryption: { Kind: 'customer', CustomerKey: secret } },
      /Use https, or Annal\.Storage\.Encryption\.Keys/,
    ],
    [{ PartSize: 5_000_000 }, /wanted a whole number from 5242880/],
    [{ CertificateAuthority: 'nowhere.pem' }, /CertificateAuthority \(.*\) cannot be read: it does not exist/],
  ])('refuses %j, with the way out', (options, error) => {
    expect(s3(options).errors).toEqual([expect.stringMatching(error)]);
  });

  it('refuses parts of which 10,000 are too small for the largest file', () => {
    const limits = { Limits: { MaxBodySize: 100 * 1024 ** 3 } };
    const storage = { Kind: 's3', S3: { Bucket: 'images' } };
    expect(load(storage, limits).errors).toEqual([expect.stringMatching(/set it to at least 10737419$/)]);
    expect(load({ Kind: 's3', S3: { Bucket: 'images', PartSize: 10_737_419 } }, limits).errors).toEqual([]);
  });

  it('refuses to encrypt twice with keys that are both needed', () => {
    const twice = { ServerSideEncryption: { Kind: 'customer', CustomerKey: secret } };
    expect(s3(twice, keys).errors).toEqual([expect.stringContaining('Use one of the two')]);
  });

  it('warns of images in clear on the network, unless they stay on this machine or are encrypted before', () => {
    const clear = { Endpoint: 'http://s3.example:9000' };
    expect(s3(clear).warnings).toEqual([expect.stringContaining('cross the network in clear')]);
    expect(s3(clear, keys).warnings).toEqual([]);
    expect(s3({ Endpoint: 'http://127.0.0.1:9000/' }).warnings).toEqual([]);
  });

  it('warns of a bucket that is not used', () => {
    expect(load({ S3: { Bucket: 'images' } }).warnings).toEqual([expect.stringContaining('set that to "s3"')]);
  });

  it.each(['/a/', 'a', '../', 'a/./b/', 'a//'])('refuses the prefix %j', (Prefix) => {
    expect(s3({ Prefix }).errors).toEqual([expect.stringContaining('Annal.Storage.S3.Prefix')]);
  });

  it('reads keys in their order, in base64 or from files relative to the configuration', () => {
    const raw = randomBytes(32);
    files.write('keys/text', `${raw.toString('base64')}\n`);
    const { configuration, errors } = load({
      Encryption: {
        Keys: [
          { Id: 'new', KeyFile: 'keys/text' },
          { Id: 'old', Key: secret },
        ],
      },
    });
    expect(errors).toEqual([]);
    expect(readEncryptionKeys(configuration!)).toEqual([
      { id: 'new', secret: raw },
      { id: 'old', secret: Buffer.from(secret, 'base64') },
    ]);
  });

  it.each([
    [[{ Id: 'a' }], /needs either Key or KeyFile/],
    [[{ Id: 'a', Key: secret, KeyFile: 'x' }], /needs either Key or KeyFile/],
    [
      [
        { Id: 'a', Key: secret },
        { Id: 'a', Key: secret },
      ],
      /two keys are called "a"/,
    ],
    [[{ Id: 'a', KeyFile: 'nowhere' }], /nowhere cannot be read: it does not exist/],
    [[{ Id: 'a', KeyFile: 'annal.json' }], /holds no key\. Make one with/],
    [[{ Id: 'a b', Key: secret }], /Keys\[0\]\.Id: wanted 1 to 32 letters/],
    [[{ Key: secret }], /Keys\[0\]\.Id/],
  ])('refuses the keys of %#, with the way out', (Keys, error) => {
    expect(load({ Encryption: { Keys } }).errors).toEqual([expect.stringMatching(error)]);
  });

  it('never repeats a secret', () => {
    const told = [
      s3({ SecretAccessKey: ['hush-hush'], AccessKeyId: 'name' }),
      s3({ ServerSideEncryption: { Kind: 'customer', CustomerKey: 'hush-hush' } }),
      s3({ Endpoint: 'https://name:hush-hush@s3.example' }),
      load({ Encryption: { Keys: ['hush-hush'] } }),
      load({ Encryption: { Keys: [{ Id: 'a', Key: 'hush-hush' }] } }),
    ];
    for (const { errors, warnings } of told) {
      expect(errors).not.toEqual([]);
      expect([...errors, ...warnings].join()).not.toContain('hush');
    }
  });
});
