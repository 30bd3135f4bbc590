import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createDeflate } from 'node:zlib';
import type { BlobStore, BlobWriter } from '@annal/domain';
import { sizePrefix } from '@annal/platform';

/** Takes the bytes of a file too large for memory into the blob store, perhaps compressed. */
export interface BlobSink {
  /** Whether the blob is compressed. */
  readonly deflates: boolean;
  write(chunks: readonly Buffer[]): Promise<void>;
  /**
   * Ends the bytes; resolves with what was stored. The blob can be read back; it is neither durable nor visible yet.
   * @throws WrongSize
   */
  end(): Promise<{ readonly storedSize: number; readonly storedMd5: string | undefined }>;
  readonly writer: BlobWriter;
}

/** More or fewer bytes came than were announced. */
export class WrongSize extends Error {
  override readonly name = 'WrongSize';
}

/**
 * Opens a sink for a new blob.
 * @param deflatedSize the bytes that will come, to be compressed behind their number; undefined: they stay as they are
 * @param hashes whether the MD5 of the stored bytes is wanted
 */
export async function openSink(
  blobs: BlobStore,
  key: string,
  deflatedSize: number | undefined,
  hashes: boolean,
): Promise<BlobSink> {
  const writer = await blobs.create(key);
  return deflatedSize === undefined ? new PlainSink(writer) : new DeflatingSink(writer, deflatedSize, hashes);
}

class PlainSink implements BlobSink {
  readonly deflates = false;
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
  readonly deflates = true;
  private received = 0;
  private size = 0;
  private readonly hash: Hash | undefined;
  private readonly deflate = createDeflate();
  private readonly done: Promise<void>;

  constructor(
    readonly writer: BlobWriter,
    private readonly announced: number,
    hashes: boolean,
  ) {
    this.hash = hashes ? createHash('md5') : undefined;
    this.done = this.drain();
    this.done.catch(() => this.deflate.destroy());
  }

  async write(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      this.received += chunk.length;
      if (!this.deflate.write(chunk)) await Promise.race([once(this.deflate, 'drain'), this.done]);
    }
  }

  async end(): Promise<{ storedSize: number; storedMd5: string }> {
    if (this.received !== this.announced) throw new WrongSize('Other bytes came than were announced');
    this.deflate.end();
    await this.done;
    await this.writer.end();
    return { storedSize: this.size, storedMd5: this.hash?.digest('hex') ?? '' };
  }

  private async drain(): Promise<void> {
    await this.keep(sizePrefix(this.announced));
    for await (const chunk of this.deflate as AsyncIterable<Buffer>) await this.keep(chunk);
  }

  private async keep(chunk: Buffer): Promise<void> {
    this.size += chunk.length;
    this.hash?.update(chunk);
    await this.writer.write([chunk]);
  }
}
