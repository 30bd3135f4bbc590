import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.js';
import { MultipartUpload } from './multipart-upload.js';

/** So much is copied in one request: S3 would take 5 GiB, but answers only when all is done. */
export const COPY_SIZE = 256 * 1024 * 1024;

/**
 * Copies an object within the bucket without its bytes coming here; what is there under the new name is replaced.
 * @param size of the object, bytes
 * @throws S3Error also where the object is gone (isMissing)
 */
export async function copyObject(
  bucket: Bucket,
  from: string,
  to: string,
  size: number,
  copySize = COPY_SIZE,
): Promise<void> {
  const source = copySource(bucket.options.name, from);
  if (size <= copySize) {
    await bucket.send('copying a blob', () =>
      bucket.client.send(
        new CopyObjectCommand({
          ...bucket.object(to),
          ...bucket.options.encryption.write,
          ...bucket.options.encryption.copySource,
          CopySource: source,
        }),
      ),
    );
    return;
  }
  const upload = await MultipartUpload.begin(bucket, to, false);
  try {
    for (let start = 0, number = 1; start < size; start += copySize, number++) {
      await upload.copy(number, source, start, Math.min(start + copySize, size));
    }
    await upload.complete(true);
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

/** An object as requests name it that copy from it; those through an access point name it after "/object/". */
function copySource(bucket: string, name: string): string {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return bucket.startsWith('arn:') ? `${bucket}/object/${path}` : `${bucket}/${path}`;
}
