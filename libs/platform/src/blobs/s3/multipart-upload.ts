import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { type Bucket, type UnfinishedUpload, WRITE_ID } from './bucket.js';
import { S3Error } from './s3-error.js';

/** An object that is written in parts and there only once it is complete. */
export class MultipartUpload {
  private readonly parts: CompletedPart[] = [];

  private constructor(
    private readonly bucket: Bucket,
    private readonly name: string,
    private readonly id: string,
    private readonly writeId: string,
    private readonly checked: boolean,
  ) {}

  /**
   * Begins an object.
   * @param checked whether the parts come with checksums; copied ones have none
   * @throws S3Error
   */
  static async begin(bucket: Bucket, name: string, checked: boolean): Promise<MultipartUpload> {
    const writeId = randomUUID();
    const { UploadId } = await bucket.send('beginning a blob in parts', () =>
      bucket.client.send(
        new CreateMultipartUploadCommand({
          ...bucket.object(name),
          ...bucket.options.encryption.write,
          ...(checked && { ChecksumAlgorithm: 'CRC32' }),
          Metadata: { [WRITE_ID]: writeId },
        }),
      ),
    );
    return new MultipartUpload(bucket, name, UploadId!, writeId, checked);
  }

  /** Ends what somebody else began. */
  static async abandon(bucket: Bucket, upload: UnfinishedUpload): Promise<void> {
    await new MultipartUpload(bucket, upload.name, upload.id, '', false).abort();
  }

  /** Sends a part, in any order; numbers begin at 1. @throws S3Error */
  async send(number: number, body: Buffer): Promise<void> {
    const { ETag, ChecksumCRC32 } = await this.bucket.send('writing a part of a blob', () =>
      this.bucket.client.send(
        new UploadPartCommand({
          ...this.identity(),
          ...this.bucket.options.encryption.access,
          PartNumber: number,
          Body: body,
        }),
      ),
    );
    this.parts.push({ PartNumber: number, ETag, ...(this.checked && { ChecksumCRC32 }) });
  }

  /** Has S3 take bytes of another object as a part. @throws S3Error */
  async copy(number: number, source: string, start: number, end: number): Promise<void> {
    const { CopyPartResult } = await this.bucket.send('copying a part of a blob', () =>
      this.bucket.client.send(
        new UploadPartCopyCommand({
          ...this.identity(),
          ...this.bucket.options.encryption.access,
          ...this.bucket.options.encryption.copySource,
          PartNumber: number,
          CopySource: source,
          CopySourceRange: `bytes=${start}-${end - 1}`,
        }),
      ),
    );
    this.parts.push({ PartNumber: number, ETag: CopyPartResult?.ETag });
  }

  /**
   * Makes the object of its parts.
   * @param replace whether it may take the place of one that is there
   * @throws S3Error also where one is there that must stay (isThere)
   */
  async complete(replace = false): Promise<void> {
    const parts = this.parts.sort((a, b) => a.PartNumber! - b.PartNumber!);
    await this.bucket.once('completing a blob', this.name, this.writeId, () =>
      this.bucket.client.send(
        new CompleteMultipartUploadCommand({
          ...this.identity(),
          ...this.bucket.options.encryption.access,
          ...(replace ? {} : this.bucket.condition),
          MultipartUpload: { Parts: parts },
        }),
      ),
    );
  }

  /** Gives up: no part stays. One that is completed or gone is no error. No part may be under way. */
  async abort(): Promise<void> {
    try {
      await this.bucket.send('giving up a blob', () =>
        this.bucket.client.send(new AbortMultipartUploadCommand(this.identity())),
      );
    } catch (error) {
      if (!(error instanceof S3Error && error.isUploadGone)) throw error;
    }
  }

  private identity(): { Bucket: string; Key: string; UploadId: string } {
    return { ...this.bucket.object(this.name), UploadId: this.id };
  }
}
