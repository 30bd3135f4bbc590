import { describeBlobStoreContract } from '../../../../../test/support/blob-store-contract.js';
import { TestBucket } from '../../../../../test/support/s3/test-bucket.js';
import { startTestS3 } from '../../../../../test/support/s3/test-s3.js';
import { TemporaryConfiguration } from '../../config/testing/temporary-configuration.js';
import { openS3BlobStore } from './open-s3-blob-store.js';

const s3 = await startTestS3();
const files = new TemporaryConfiguration();
afterAll(async () => {
  files.remove();
  await s3?.stop();
});

if (s3) {
  describeBlobStoreContract('S3BlobStore', async () => {
    const bucket = await TestBucket.make(s3);
    const { configuration, errors } = files.loadContent({
      Annal: { Storage: { Kind: 's3', S3: bucket.options({ Prefix: 'some/where/' }) } },
    });
    if (!configuration) throw new Error(errors.join());
    const blobs = await openS3BlobStore(configuration, true);
    return {
      blobs,
      close: async () => {
        await blobs.close();
        await bucket.remove();
      },
    };
  });
} else {
  it.todo('S3BlobStore');
}
