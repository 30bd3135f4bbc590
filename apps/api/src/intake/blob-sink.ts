import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createDeflate } from 'node:zlib';
import type { BlobStore, BlobWriter } from '@annal/domain';

/** Takes the bytes of a file too large for memory into the blob store, compressed where configured. */
export interface BlobSink {
  write(chunks: readonly Buffer[]): Promise<void>;
  /** Ends the bytes; resolves with what was stored. The blob can be read back; it is neither durable nor visible yet. */
  end(): Promise<{ readonly storedSize: number; readonly storedMd5: string | undefined }>;
  readonly writer: BlobWriter;
}

/** Opens a sink for a new blob. */
export async function openSink(blobs: BlobStore, key: string, compress: boolean): Promise<BlobSink> {
  const writer = await blobs.create(key);
  return compress ? new DeflatingSink(writer) : new PlainSink(writer);
}

class PlainSink implements BlobSink {
  private size = 0;

  constructor(readonly writer: BlobWriter) {}

  async write(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) this.size += chunk.length;
    await this.writer.write(chunks);
  }

  async end(): Promise<{ storedSize: number; storedMd5: undefined }> {
    await this.writer.end();
    return { storedSize: this.size, storedMd5: undefined };
  }
}

class DeflatingSink implements BlobSink {
  private size = 0;
  private readonly hash: Hash = createHash('md5');
  private readonly deflate = createDeflate();
  private readonly done: Promise<void>;

  constructor(readonly writer: BlobWriter) {
    this.done = this.drain();
    this.done.catch(() => this.deflate.destroy());
  }

  async write(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      if (!this.deflate.write(chunk)) await Promise.race([once(this.deflate, 'drain'), this.done]);
    }
  }

  async end(): Promise<{ storedSize: number; storedMd5: string }> {
    this.deflate.end();
    await this.done;
    await this.writer.end();
    return { storedSize: this.size, storedMd5: this.hash.digest('hex') };
  }

  private async drain(): Promise<void> {
    for await (const chunk of this.deflate as AsyncIterable<Buffer>) {
      this.size += chunk.length;
      this.hash.update(chunk);
      await this.writer.write([chunk]);
    }
  }
}
