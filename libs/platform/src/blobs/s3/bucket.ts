import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { S3Error, s3Error } from './s3-error.js';
import type { EncryptionParameters } from './server-side-encryption.js';

/** How a bucket is used. */
export interface BucketOptions {
  readonly name: string;
  /** How often a request is tried. */
  readonly attempts: number;
  /** Whether S3 itself sees to it that no object is replaced. */
  readonly conditional: boolean;
  /** Whether S3 checks what it gets. */
  readonly checksums: boolean;
  readonly encryption: EncryptionParameters;
}

/** An object as lists have it. */
export interface ListedObject {
  readonly name: string;
  readonly modified: Date;
}

/** An upload in parts that is not completed. */
export interface UnfinishedUpload {
  readonly name: string;
  readonly id: string;
  readonly begun: Date;
}

/** Tells a write from others of the same object: a repeated request finds out that the first one was carried out. */
export const WRITE_ID = 'annal-write';

const CONFLICT_DELAY_MS = 100;

/** The requests that blobs need of a bucket, with errors of ours (S3Error; StorageFull where there is no room). */
export class Bucket {
  constructor(
    readonly client: S3Client,
    readonly options: BucketOptions,
  ) {}

  /** Bucket and object, as every request names them. */
  object(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.options.name, Key: name };
  }

  /** What a write carries so that no object is replaced. */
  get condition(): { IfNoneMatch?: string } {
    return this.options.conditional ? { IfNoneMatch: '*' } : {};
  }

  /** Writes an object at once. @throws S3Error also where it is there already (isThere) */
  async put(name: string, body: Buffer): Promise<void> {
    const writeId = randomUUID();
    const command = new PutObjectCommand({
      ...this.object(name),
      ...this.options.encryption.write,
      ...this.condition,
      Body: body,
      Metadata: { [WRITE_ID]: writeId },
    });
    await this.once('writing a blob', name, writeId, () => this.client.send(command));
  }

  /**
   * A write that must not replace anything, when its answer may get lost: what a repeated request finds there may be
   * its own.
   */
  async once(doing: string, name: string, writeId: string, write: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.send(doing, write);
        return;
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        const repeated = attempt > 1 || error.attempts > 1;
        if (repeated && (error.isThere || error.isUploadGone) && (await this.head(name))?.writeId === writeId) return;
        // an earlier try of ours may still be under way there
        if (!error.isConflict || attempt >= this.options.attempts) throw error;
        await delay(CONFLICT_DELAY_MS * 2 ** attempt);
      }
    }
  }

  /**
   * The bytes of an object from `start` to `end` (exclusive), at least one; undefined where it has none there.
   * @throws S3Error also where there is no such object (isMissing)
   */
  async get(name: string, start: number, end?: number): Promise<{ body: Readable; length: number } | undefined> {
    const last = end === undefined ? '' : end - 1;
    try {
      const { Body, ContentLength } = await this.send('reading a blob', () =>
        this.client.send(
          new GetObjectCommand({
            ...this.object(name),
            ...this.options.encryption.access,
            ...(start > 0 || end !== undefined ? { Range: `bytes=${start}-${last}` } : {}),
          }),
        ),
      );
      return { body: Body as Readable, length: ContentLength! };
    } catch (error) {
      if (error instanceof S3Error && (error.code === 'InvalidRange' || error.status === 416)) return undefined;
      throw error;
    }
  }

  /** What is known of an object; undefined where there is none. */
  async head(name: string): Promise<{ readonly size: number; readonly writeId: string | undefined } | undefined> {
    try {
      const { ContentLength, Metadata } = await this.send('looking for a blob', () =>
        this.client.send(new HeadObjectCommand({ ...this.object(name), ...this.options.encryption.access })),
      );
      return { size: ContentLength ?? 0, writeId: Metadata?.[WRITE_ID] };
    } catch (error) {
      if (error instanceof S3Error && error.isMissing) return undefined;
      throw error;
    }
  }

  /** Removes an object; one that is not there is no error. */
  async remove(name: string): Promise<void> {
    await this.send('removing a blob', () => this.client.send(new DeleteObjectCommand(this.object(name))));
  }

  /** All objects whose names begin so and come behind `after`, a thousand a request. */
  async *list(prefix: string, after?: string): AsyncIterable<ListedObject> {
    let token: string | undefined;
    do {
      const page = await this.send('listing blobs', () =>
        this.client.send(
          new ListObjectsV2Command({
            Bucket: this.options.name,
            Prefix: prefix,
            ContinuationToken: token,
            StartAfter: token === undefined ? after : undefined,
          }),
        ),
      );
      for (const { Key, LastModified } of page.Contents ?? []) yield { name: Key!, modified: LastModified! };
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** All uploads in parts that are not completed, of objects whose names begin so. */
  async *unfinished(prefix: string): AsyncIterable<UnfinishedUpload> {
    let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    do {
      const page = await this.send('listing unfinished uploads', () =>
        this.client.send(new ListMultipartUploadsCommand({ Bucket: this.options.name, Prefix: prefix, ...from })),
      );
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        yield { name: Key!, id: UploadId!, begun: Initiated! };
      }
      from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
    } while (from);
  }

  /** @throws S3Error, StorageFull */
  async send<T>(doing: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw s3Error(error, doing);
    }
  }
}
