import { BlobMissing, type BlobStore } from '@annal/domain';
import { readResources, type ResourceRow, type StatementRunner, withIdentifier } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { pipeline, Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import { OrthancError } from '../../http/errors/http-errors.js';
import { BLOB_STORE, POOL } from '../../tokens.js';

/** How the read models number zlib, one of the ways in which a blob may be stored. */
const ZLIB = 2;

/** Where the file of an instance is. */
export type StoredFile = Pick<ResourceRow, 'id' | 'key'> &
  Required<Pick<ResourceRow, 'blobKey' | 'size' | 'compression'>>;

/** Reads the DICOM files of instances, inflated where they are stored compressed. */
@Injectable()
export class InstanceFileService {
  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  /** @throws OrthancError 404 */
  async find(id: string): Promise<StoredFile> {
    const [row] = await readResources(this.pool, withIdentifier('Instance', id), {}, { file: true });
    if (!row) throw new OrthancError('UnknownResource');
    return row as StoredFile;
  }

  /**
   * The file, or its bytes from `start` to `end` (exclusive).
   * @throws OrthancError 404 when the blob store has lost it
   */
  async open({ blobKey, compression }: StoredFile, start?: number, end?: number): Promise<Readable> {
    if (compression !== ZLIB) return this.blobs.stream(blobKey, start, end).catch(missing);
    const stored = await this.blobs.stream(blobKey).catch(missing);
    const inflated = createInflate();
    // an error of either side ends the other, and the answer with it
    pipeline(stored, inflated, () => undefined);
    return start === undefined && end === undefined ? inflated : Readable.from(between(inflated, start, end));
  }

  /** Some bytes of the file, from `start` to `end` (exclusive). */
  async read(file: StoredFile, start: number, end: number): Promise<Buffer> {
    if (file.compression !== ZLIB) return this.blobs.read(file.blobKey, start, end).catch(missing);
    const parts: Buffer[] = [];
    for await (const part of (await this.open(file, start, end)) as AsyncIterable<Buffer>) parts.push(part);
    return Buffer.concat(parts);
  }
}

/** What of a stream stands from `start` to `end` (exclusive); the rest is not read. */
export async function* between(stream: Readable, start = 0, end = Infinity): AsyncGenerator<Buffer, void> {
  let position = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const part = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += chunk.length;
    if (part.length > 0) yield part;
    if (position >= end) break;
  }
}

function missing(error: unknown): never {
  throw error instanceof BlobMissing ? new OrthancError('InexistentFile') : error;
}
