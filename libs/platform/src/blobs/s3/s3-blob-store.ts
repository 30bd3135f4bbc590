import { Readable } from 'node:stream';
import { BlobMissing, type BlobStore, type BlobWriter, type Mark } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { crashPoint } from '../../faults/crash-point.js';
import type { Bucket } from './bucket.js';
import { copyObject } from './copy-object.js';
import { MultipartUpload } from './multipart-upload.js';
import type { ObjectNames } from './object-names.js';
import { PartBuffers } from './part-buffers.js';
import { ResumedRead } from './resumed-read.js';
import { readInOrder } from '../read-in-order.js';
import { S3BlobWriter, type SharedParts } from './s3-blob-writer.js';
import { S3Error } from './s3-error.js';
import { Slots } from './slots.js';

/** How the parts of large blobs are sent. */
export interface PartOptions {
  /** Bytes; what is larger goes in parts. S3 takes no smaller ones than 5 MiB, but for the last. */
  readonly size: number;
  /** How many are sent at once. */
  readonly atOnce: number;
}

/**
 * Blobs as objects of an S3 bucket. S3 answers a write when it is durable. A write that failed in a way that leaves open
 * whether it was carried out is cleared away by `remove`, which its caller asks for, or in the end by the sweeper.
 */
export class S3BlobStore implements BlobStore {
  private readonly shared: SharedParts;

  constructor(
    private readonly bucket: Bucket,
    private readonly names: ObjectNames,
    parts: PartOptions,
  ) {
    this.shared = { buffers: new PartBuffers(parts.size, parts.atOnce), slots: new Slots(parts.atOnce) };
  }

  newKey(): string {
    return uuidv7();
  }

  async put(key: string, chunks: readonly Buffer[]): Promise<void> {
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (size > this.shared.buffers.size) return this.putInParts(key, chunks);
    const name = this.names.blob(key);
    await crashPoint('store:before-blob');
    // in one piece, so that it can be sent again; nothing holds on to the caller's chunks
    await this.bucket.put(name, Buffer.concat(chunks, size));
    await crashPoint('store:blob-written');
    await crashPoint('store:blob-durable');
  }

  async create(key: string): Promise<BlobWriter> {
    const name = this.names.blob(key);
    await crashPoint('store:before-blob');
    if (await this.bucket.head(name)) throw new Error('There is a blob of this key already');
    return new S3BlobWriter(this.bucket, name, this.shared);
  }

  async stream(key: string, start = 0, end?: number): Promise<Readable> {
    const name = this.names.blob(key);
    if (end !== undefined && end <= start) return Readable.from([]);
    const first = await this.get(name, start, end);
    if (!first) return Readable.from([]);
    const to = start + first.length;
    const open = async (from: number): Promise<Readable> => (await this.get(name, from, to))?.body ?? Readable.from([]);
    return new ResumedRead(first.body, start, to, open, this.bucket.options.attempts);
  }

  async read(key: string, start = 0, end?: number): Promise<Buffer> {
    const stream = await this.stream(key, start, end);
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  async remove(key: string): Promise<void> {
    await this.bucket.remove(this.names.blob(key));
  }

  async *keys(): AsyncIterable<string> {
    for await (const { name } of this.bucket.list(this.names.blobs)) {
      const key = this.names.keyOf(name);
      if (key !== undefined) yield key;
    }
  }

  async isEmpty(key: string): Promise<boolean> {
    return (await this.bucket.head(this.names.blob(key)))?.size === 0;
  }

  async quarantine(key: string): Promise<void> {
    const name = this.names.blob(key);
    const found = await this.bucket.head(name);
    if (!found) return;
    await copyObject(this.bucket, name, this.names.quarantined(key), found.size);
    await this.bucket.remove(name);
  }

  /** An object's time in quarantine is that of its copy, by the clock of S3. */
  async purgeQuarantine(before: Date): Promise<void> {
    for await (const { name, modified } of this.bucket.list(this.names.quarantine)) {
      if (this.names.isOurs(name) && modified < before) await this.bucket.remove(name);
    }
  }

  async purgeUnfinished(before: Date): Promise<void> {
    // MinIO lists none at all for a prefix that is no whole name: what there is of Annal's own is sorted out here
    for await (const upload of this.bucket.unfinished(this.names.prefix)) {
      if (this.names.isOurs(upload.name) && upload.begun < before) await MultipartUpload.abandon(this.bucket, upload);
    }
  }

  async mark({ name, text }: Mark): Promise<void> {
    await this.bucket.put(this.names.mark(name), Buffer.from(text));
  }

  async *marks(after: string): AsyncIterable<Mark> {
    const names: string[] = [];
    for await (const { name: object } of this.bucket.list(this.names.marks, this.names.marks + after)) {
      const name = this.names.markOf(object);
      if (name !== undefined && name > after) names.push(name);
    }
    const read = async (name: string): Promise<Mark> => {
      const chunks: Buffer[] = [];
      const found = await this.bucket.get(this.names.mark(name), 0);
      for await (const chunk of found?.body ?? []) chunks.push(chunk as Buffer);
      return { name, text: Buffer.concat(chunks).toString() };
    };
    yield* readInOrder(names.sort(), read);
  }

  async close(): Promise<void> {
    this.bucket.client.destroy();
  }

  private async putInParts(key: string, chunks: readonly Buffer[]): Promise<void> {
    const writer = await this.create(key);
    try {
      await writer.write(chunks);
      await writer.commit();
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  /** @throws BlobMissing */
  private async get(name: string, start: number, end?: number): ReturnType<Bucket['get']> {
    try {
      return await this.bucket.get(name, start, end);
    } catch (error) {
      throw error instanceof S3Error && error.isMissing ? new BlobMissing('There is no such blob') : error;
    }
  }
}
