import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { BlobStore, BlobWriter, IncomingFile, StoredBlob } from '@annal/domain';
import { sizePrefix } from '@annal/platform';
import { md5Of } from './md5.js';
import { release } from '../load/release.js';

const deflateAsync = promisify(deflate);

/** A file held in memory: written when it is saved, and no longer held then. */
export class MemoryFile implements IncomingFile {
  private made: StoredBlob | undefined;

  private constructor(
    private readonly described: Omit<StoredBlob, 'key'>,
    private readonly chunks: readonly Buffer[],
    private readonly blobs: BlobStore,
  ) {}

  /**
   * @param md5 empty: none is to be kept
   * @param compress whether the blob is stored compressed
   */
  static async create(
    chunks: readonly Buffer[],
    size: number,
    md5: string,
    blobs: BlobStore,
    compress: boolean,
  ): Promise<MemoryFile> {
    const plain = { size, md5 };
    if (!compress || size === 0) {
      return new MemoryFile({ ...plain, storedSize: size, storedMd5: md5, compression: 'none' }, chunks, blobs);
    }
    const stored = [sizePrefix(size), await deflateAsync(Buffer.concat(chunks))];
    const storedSize = stored[0]!.length + stored[1]!.length;
    const storedMd5 = md5 === '' ? '' : md5Of(stored);
    return new MemoryFile({ ...plain, storedSize, storedMd5, compression: 'zlib-with-size' }, stored, blobs);
  }

  /** Gets its key when it is first asked for: what is refused before costs the store nothing. */
  get blob(): StoredBlob {
    return (this.made ??= { key: this.blobs.newKey(), ...this.described });
  }

  async save(): Promise<void> {
    await this.blobs.put(this.blob.key, this.chunks);
    release(this.chunks);
  }

  async discard(): Promise<void> {
    if (this.made) await this.blobs.remove(this.made.key);
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
