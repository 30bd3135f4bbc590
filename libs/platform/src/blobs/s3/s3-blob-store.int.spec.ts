import { randomBytes } from 'node:crypto';
import { describeBlobStoreContract } from '../../../../../test/support/blob-store-contract.js';
import { openBlobs } from '../../../../../test/support/s3/open-blobs.js';
import { TestBucket } from '../../../../../test/support/s3/test-bucket.js';
import { startTestS3 } from '../../../../../test/support/s3/test-s3.js';

const s3 = await startTestS3();
afterAll(() => s3?.stop());

if (s3) {
  const key = { Id: 'a', Key: randomBytes(32).toString('base64') };
  describeBlobStoreContract('S3BlobStore', () => open({}));
  describeBlobStoreContract('S3BlobStore below encryption', () => open({ Encryption: { Keys: [key] } }));

  const open = async (storage: object) => {
    const bucket = await TestBucket.make(s3);
    const blobs = await openBlobs({ Kind: 's3', S3: bucket.options({ Prefix: 'some/where/' }), ...storage }, true);
    return {
      blobs,
      close: async () => {
        await blobs.close();
        await bucket.remove();
      },
    };
  };
} else {
  it.todo('S3BlobStore keeps the contract of a blob store');
}
