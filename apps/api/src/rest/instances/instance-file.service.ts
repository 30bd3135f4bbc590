import { BlobMissing, type BlobStore } from '@annal/domain';
import { type AnnalConfiguration, openStoredFile, type StoredFileBlob } from '@annal/platform';
import {
  AskedTogether,
  compressionOf,
  type InstanceFile,
  readInstanceFiles,
  type StatementRunner,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { type SentBytes } from '../../http/answers/sent-bytes.js';
import { type StoredBytes, storedBytes, storedBytesOnceRead } from '../../http/answers/stored-bytes.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { BLOB_STORE, CONFIGURATION, POOL } from '../../tokens.js';
import { InflatedFiles } from './inflated-files.js';

/** Where the file of an instance is. */
export type StoredFile = InstanceFile;

const MEGABYTE = 1024 * 1024;
/** What is sent at once of a file that is in memory, bytes. */
const PIECE = MEGABYTE;

/** Reads the DICOM files of instances, inflated where they are stored compressed. */
@Injectable()
export class InstanceFileService {
  private readonly rows: AskedTogether<string, StoredFile | undefined>;
  private readonly inflated: InflatedFiles;

  constructor(
    @Inject(CONFIGURATION) { MaximumStorageCacheSize }: AnnalConfiguration,
    @Inject(POOL) pool: StatementRunner,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {
    this.inflated = new InflatedFiles(blobs, MaximumStorageCacheSize * MEGABYTE);
    this.rows = new AskedTogether((ids) => readInstanceFiles(pool, ids));
  }

  /** @throws OrthancError 404 */
  async find(id: string): Promise<StoredFile> {
    const file = await this.rows.get(id);
    if (!file) throw new OrthancError('UnknownResource');
    return file;
  }

  /**
   * The file, or its bytes from `start` to `end` (exclusive).
   * @throws OrthancError 404 when the blob store has lost it
   */
  open(file: StoredFile, start = 0, end?: number): Promise<Readable> {
    return this.found(file, async (blob) => {
      const inflated = await this.inflated.get(blob, file.size, start);
      if (inflated) return Readable.from(copies(inflated.subarray(start, end)), { objectMode: false });
      return openStoredFile(this.blobs, blob, start, end);
    });
  }

  /**
   * The file as it is sent, or its bytes from `start` to `end` (exclusive).
   * @throws OrthancError 404 when the blob store has lost it, 500 when it is not as long as it was
   */
  content(file: StoredFile, start = 0, end = file.size): Promise<SentBytes> {
    return storedBytes(end - start, this.stored(file, start, end));
  }

  /**
   * The same of a file that may not be sent after all: a larger one is opened once its bytes are read.
   * @throws as `content`; of a larger file, its bytes do
   */
  contentOnceRead(file: StoredFile): Promise<SentBytes> {
    return storedBytesOnceRead(file.size, this.stored(file, 0, file.size));
  }

  /** Some bytes of the file, from `start` to `end` (exclusive). */
  read(file: StoredFile, start: number, end: number): Promise<Buffer> {
    return this.found(file, async (blob) => {
      if (blob.compression === 'none') return this.blobs.read(blob.key, start, end);
      const inflated = await this.inflated.get(blob, file.size, start);
      // a copy, as readers may change or free what they got
      if (inflated) return Buffer.from(inflated.subarray(start, end));
      const parts: Buffer[] = [];
      for await (const chunk of await openStoredFile(this.blobs, blob, start, end)) parts.push(chunk as Buffer);
      return Buffer.concat(parts);
    });
  }

  private stored(file: StoredFile, start: number, end: number): StoredBytes {
    return { read: () => this.read(file, start, end), open: () => this.open(file, start, end) };
  }

  /**
   * Reads the blob; where it is gone because the file was stored in another way since it was looked up, the new one. Another
   * file that took its place is not read: what was seen of the first one says nothing of it.
   */
  private async found<T>(file: StoredFile, read: (blob: StoredFileBlob) => Promise<T>): Promise<T> {
    try {
      return await read(blobOf(file));
    } catch (error) {
      if (!(error instanceof BlobMissing)) throw error;
      const now = await this.find(file.id);
      if (now.key !== file.key || now.blobKey === file.blobKey) throw new OrthancError('InexistentFile');
      return read(blobOf(now)).catch(missing);
    }
  }
}

function blobOf({ blobKey, compression }: StoredFile): StoredFileBlob {
  return { key: blobKey, compression: compressionOf(compression) };
}

function* copies(bytes: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += PIECE) yield Buffer.from(bytes.subarray(at, at + PIECE));
}

function missing(error: unknown): never {
  throw error instanceof BlobMissing ? new OrthancError('InexistentFile') : error;
}
