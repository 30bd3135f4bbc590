import { randomUUID } from 'node:crypto';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.js';
import { S3Error } from './s3-error.js';

/**
 * Tries what blobs will need of a bucket: listing, and unless it is only read, writing, reading and removing a small
 * object below `<prefix>check/`.
 * @throws Error that names the option to change
 */
export async function checkBucket(bucket: Bucket, prefix: string, writes: boolean): Promise<void> {
  await bucket.client.config.region().catch(() => {
    throw new Error('Annal.Storage.S3.Region: no region is known. Set it, or the environment variable AWS_REGION');
  });
  await explained('listing objects (s3:ListBucket)', () =>
    bucket.send('listing blobs', () =>
      bucket.client.send(
        new ListObjectsV2Command({ Bucket: bucket.options.name, Prefix: `${prefix}blobs/`, MaxKeys: 1 }),
      ),
    ),
  );
  if (!writes) return;
  const name = `${prefix}check/${randomUUID()}`;
  await explained('writing objects (s3:PutObject)', () => bucket.put(name, Buffer.from('Annal')));
  try {
    await explained('reading objects (s3:GetObject)', async () => {
      const found = await bucket.get(name, 0, 1);
      found?.body.destroy();
    });
  } finally {
    await explained('removing objects (s3:DeleteObject)', () => bucket.remove(name));
  }
}

async function explained(what: string, request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    throw error instanceof S3Error ? new Error(`Annal.Storage.S3${wayOut(error, what)}`) : error;
  }
}

const REFUSED = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'ExpiredToken',
  'TokenRefreshRequired',
  'XAdminUserNotFound',
]);
const REGION = new Set(['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException']);
const CERTIFICATE = /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS|HOSTNAME_MISMATCH)/;

function wayOut({ code, status }: S3Error, what: string): string {
  if (code === 'NoSuchBucket' || (code === 'NotFound' && status === 404)) {
    return '.Bucket: there is no such bucket. Make it (Annal makes none by itself), or name another one';
  }
  if (code === 'CredentialsProviderError') {
    return ': there are no credentials. Set AccessKeyId and SecretAccessKey, or give the process those of AWS by environment, profile or role';
  }
  if (REFUSED.has(code))
    return `.AccessKeyId: the credentials are refused (${code}). Set those of an account that may use the bucket`;
  if (REGION.has(code) || status === 301) return `.Region: the bucket is in another region (${code}). Set its region`;
  if (CERTIFICATE.test(code)) {
    return `.CertificateAuthority: the certificate of the endpoint is not trusted (${code}). Name a PEM file with the authority that signed it`;
  }
  if (status === undefined) {
    return `.Endpoint: nothing answers there (${code}). Start the service, correct Endpoint or Region, or set ForcePathStyle to true`;
  }
  if (/^kms/i.test(code))
    return `.ServerSideEncryption: the key cannot be used (${code}). Correct KmsKeyId, or the rights to it`;
  if (status === 403) return `: the credentials do not allow ${what} (${code}). Give them that right`;
  if (status === 501 || code === 'NotImplemented') {
    return `: the service does not know a part of ${what} (${code}). Set ConditionalWrites or Checksums to false, or ServerSideEncryption.Kind to "default"`;
  }
  return `: ${what} is refused (${code}, HTTP ${status}). Correct the options of the bucket`;
}
