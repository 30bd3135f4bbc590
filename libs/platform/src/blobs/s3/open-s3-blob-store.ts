import { type AnnalConfiguration, readS3CertificateAuthority } from '../../config/index.js';
import { Bucket } from './bucket.js';
import { checkBucket } from './check-bucket.js';
import { ObjectNames } from './object-names.js';
import { S3BlobStore } from './s3-blob-store.js';
import { createS3Client } from './s3-client.js';
import { encryptionParameters } from './server-side-encryption.js';

/**
 * The blob store in the bucket of Annal.Storage.S3.
 * @param check whether to try first what it will need, writing included unless the server is read-only
 * @throws Error that names the option to change, where the bucket cannot be used
 */
export async function openS3BlobStore(configuration: AnnalConfiguration, check: boolean): Promise<S3BlobStore> {
  const { S3 } = configuration.Annal.Storage;
  const client = createS3Client(S3, readS3CertificateAuthority(configuration));
  const bucket = new Bucket(client, {
    name: S3.Bucket!,
    attempts: S3.MaxAttempts,
    conditional: S3.ConditionalWrites,
    checksums: S3.Checksums,
    encryption: encryptionParameters(S3.ServerSideEncryption),
  });
  const names = new ObjectNames(S3.Prefix);
  if (check) {
    try {
      await checkBucket(bucket, names.prefix, !configuration.ReadOnly);
    } catch (error) {
      client.destroy();
      throw error;
    }
  }
  return new S3BlobStore(bucket, names, { size: S3.PartSize, atOnce: S3.MaxConcurrentParts });
}
