import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READ_SIZE = 256 * 1024;

/** Where something stands in the file, bytes. */
export interface Spooled {
  readonly start: number;
  readonly size: number;
}

/** Keeps what a request brings until its instances are made, in an unnamed temporary file. */
export class BulkSpool {
  private size = 0;

  private constructor(private readonly file: FileHandle) {}

  static async open(): Promise<BulkSpool> {
    const folder = await mkdtemp(join(tmpdir(), 'annal-bulk-'));
    try {
      return new BulkSpool(await open(join(folder, 'data'), 'wx+', 0o600));
    } finally {
      // the name goes at once, so that a crash leaves nothing
      await rm(folder, { recursive: true });
    }
  }

  /** Takes bytes in, one content after the other; returns where they are. */
  async add(content: AsyncIterable<Buffer>): Promise<Spooled> {
    const start = this.size;
    for await (const chunk of content) {
      for (let at = 0; at < chunk.length;) {
        const { bytesWritten } = await this.file.write(chunk, at, chunk.length - at, this.size);
        at += bytesWritten;
        this.size += bytesWritten;
      }
    }
    return { start, size: this.size - start };
  }

  /** Bytes that were taken in, each chunk memory of its own. */
  async *read({ start, size }: Spooled): AsyncGenerator<Buffer, void> {
    for (let at = start; at < start + size;) {
      const bytes = Buffer.allocUnsafeSlow(Math.min(READ_SIZE, start + size - at));
      const { bytesRead } = await this.file.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) throw new Error('A temporary file was cut');
      at += bytesRead;
      yield bytes.subarray(0, bytesRead);
    }
  }

  /** All bytes of something at once, in memory of their own. */
  async whole(spooled: Spooled): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(spooled.size);
    let at = 0;
    for await (const chunk of this.read(spooled)) at += chunk.copy(bytes, at);
    return bytes;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
