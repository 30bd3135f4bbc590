import type { BlobStore, BlobWriter } from '@annal/domain';
import { Readable } from 'node:stream';

/** Up to so many bytes stay in memory. */
const IN_MEMORY = 8 * 1024 * 1024;

/**
 * Keeps bytes until they are read once: few in memory, more where the files are kept, as these are. What a crash leaves
 * there is swept away as what belongs to nothing.
 */
export class Spool {
  private held: Buffer[] = [];
  private blob: { readonly key: string; readonly writer: BlobWriter } | undefined;
  private total = 0;

  constructor(private readonly blobs: BlobStore) {}

  /** Bytes so far. */
  get size(): number {
    return this.total;
  }

  /** Takes bytes, which are not to be changed after. */
  async add(bytes: Buffer): Promise<void> {
    this.total += bytes.length;
    this.held.push(bytes);
    if (this.total <= IN_MEMORY) return;
    if (!this.blob) {
      const key = this.blobs.newKey();
      this.blob = { key, writer: await this.blobs.create(key) };
    }
    await this.blob.writer.write(this.held);
    this.held = [];
  }

  /** All bytes, once no more come. Who does not read the stream to its end destroys it. */
  async read(): Promise<Readable> {
    if (!this.blob) return Readable.from(this.held, { objectMode: false });
    const { key, writer } = this.blob;
    await writer.commit();
    this.blob = undefined;
    const stream = await this.blobs.stream(key);
    // best effort: the sweeper comes after it
    stream.once('close', () => void this.blobs.remove(key).catch(() => undefined));
    return stream;
  }

  /** Forgets what was taken, where it is not read. */
  async discard(): Promise<void> {
    this.held = [];
    await this.blob?.writer.abort();
  }
}
