import { BlobMissing, type BlobStore } from '@annal/domain';
import { readResources, type ResourceRow, type StatementRunner, withIdentifier } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { pipeline, type Readable } from 'node:stream';
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

  /** @throws OrthancError 404 when the blob store has lost it */
  async open({ blobKey, compression }: StoredFile): Promise<Readable> {
    const stored = await this.blobs.stream(blobKey).catch(missing);
    if (compression !== ZLIB) return stored;
    const inflated = createInflate();
    // an error of either side ends the other, and the answer with it
    pipeline(stored, inflated, () => undefined);
    return inflated;
  }

  /** Some bytes of the file, from `start` to `end` (exclusive). */
  async read(file: StoredFile, start: number, end: number): Promise<Buffer> {
    if (file.compression !== ZLIB) return this.blobs.read(file.blobKey, start, end).catch(missing);
    const parts: Buffer[] = [];
    let position = 0;
    for await (const chunk of (await this.open(file)) as AsyncIterable<Buffer>) {
      parts.push(chunk.subarray(Math.max(0, start - position), Math.max(0, end - position)));
      position += chunk.length;
      if (position >= end) break;
    }
    return Buffer.concat(parts);
  }
}

function missing(error: unknown): never {
  throw error instanceof BlobMissing ? new OrthancError('InexistentFile') : error;
}
