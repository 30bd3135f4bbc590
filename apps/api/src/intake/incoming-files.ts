import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { BlobStore, BlobWriter, IncomingFile, StoredBlob } from '@annal/domain';
import { release } from './release.js';

const deflateAsync = promisify(deflate);

/** A file held in memory: written when it is saved, and no longer held then. */
export class MemoryFile implements IncomingFile {
  private constructor(
    readonly blob: StoredBlob,
    private readonly chunks: readonly Buffer[],
    private readonly blobs: BlobStore,
  ) {}

  /** @param compress whether the blob is stored compressed (zlib) */
  static async create(
    key: string,
    chunks: readonly Buffer[],
    size: number,
    md5: string,
    blobs: BlobStore,
    compress: boolean,
  ): Promise<MemoryFile> {
    const plain = { key, size, md5 };
    if (!compress) {
      return new MemoryFile({ ...plain, storedSize: size, storedMd5: md5, compression: 'none' }, chunks, blobs);
    }
    const stored = await deflateAsync(Buffer.concat(chunks));
    const storedMd5 = createHash('md5').update(stored).digest('hex');
    const blob: StoredBlob = { ...plain, storedSize: stored.length, storedMd5, compression: 'zlib' };
    return new MemoryFile(blob, [stored], blobs);
  }

  async save(): Promise<void> {
    await this.blobs.put(this.blob.key, this.chunks);
    release(this.chunks);
  }

  async discard(): Promise<void> {
    await this.blobs.remove(this.blob.key);
  }
}

/** A file too large for memory: its bytes are in the blob store already, not yet durable. */
export class StreamedFile implements IncomingFile {
  private saved = false;

  constructor(
    readonly blob: StoredBlob,
    private readonly writer: BlobWriter,
    private readonly blobs: BlobStore,
  ) {}

  async save(): Promise<void> {
    await this.writer.commit();
    this.saved = true;
  }

  async discard(): Promise<void> {
    await (this.saved ? this.blobs.remove(this.blob.key) : this.writer.abort());
  }
}
