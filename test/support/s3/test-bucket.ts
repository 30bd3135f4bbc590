import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import type { TestS3 } from './test-s3.js';

/** A bucket of a test, looked at from outside. */
export class TestBucket {
  readonly name = `annal-test-${randomUUID()}`;
  readonly client: S3Client;

  private constructor(private readonly s3: TestS3) {
    this.client = new S3Client({
      region: s3.region,
      endpoint: s3.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
    });
  }

  static async make(s3: TestS3): Promise<TestBucket> {
    const bucket = new TestBucket(s3);
    await bucket.client.send(new CreateBucketCommand({ Bucket: bucket.name }));
    return bucket;
  }

  /** The section Annal.Storage.S3 for this bucket. */
  options(more: object = {}): object {
    return {
      Bucket: this.name,
      Endpoint: this.s3.endpoint,
      Region: this.s3.region,
      AccessKeyId: this.s3.accessKeyId,
      SecretAccessKey: this.s3.secretAccessKey,
      ForcePathStyle: true,
      ...more,
    };
  }

  /** The names of all objects, sorted. */
  async objects(): Promise<string[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: this.name }));
    return Contents.map(({ Key }) => Key!).sort();
  }

  /** The uploads in parts that are neither completed nor aborted. */
  async unfinished(): Promise<{ Key: string; UploadId: string }[]> {
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket: this.name }));
    return Uploads.map(({ Key, UploadId }) => ({ Key: Key!, UploadId: UploadId! }));
  }

  /** Removes the bucket and all there is in it. */
  async remove(): Promise<void> {
    const Bucket = this.name;
    for (const upload of await this.unfinished()) {
      await this.client.send(new AbortMultipartUploadCommand({ Bucket, ...upload }));
    }
    for (let names = await this.objects(); names.length > 0; names = await this.objects()) {
      await Promise.all(names.map((Key) => this.client.send(new DeleteObjectCommand({ Bucket, Key }))));
    }
    await this.client.send(new DeleteBucketCommand({ Bucket }));
    this.client.destroy();
  }
}
