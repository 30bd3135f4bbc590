import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { BlobMissing } from '@annal/domain';

/** A file for any key; of those that are lost there is none. */
export class MemoryBlobs {
  readonly lost = new Set<string>();
  /** Streams of these never end. */
  readonly endless = new Set<string>();
  readonly kept = new Map<string, Buffer>();
  opened = 0;
  closed = 0;

  constructor(readonly size: number) {}

  bytesOf(key: string): Buffer {
    if (this.lost.has(key)) throw new BlobMissing();
    const kept = this.kept.get(key);
    if (kept) return kept;
    const seed = createHash('sha256').update(key).digest();
    return Buffer.alloc(this.size, seed);
  }

  newKey(): string {
    return `new-${this.kept.size}`;
  }

  async create(key: string): Promise<object> {
    const chunks: Buffer[] = [];
    return {
      write: async (more: readonly Buffer[]) => void chunks.push(...more.map((chunk) => Buffer.from(chunk))),
      commit: async () => void this.kept.set(key, Buffer.concat(chunks)),
      abort: async () => undefined,
    };
  }

  async remove(key: string): Promise<void> {
    this.kept.delete(key);
  }

  async read(key: string, start?: number, end?: number): Promise<Buffer> {
    // readers may free what they got
    return Buffer.from(this.bytesOf(key).subarray(start, end));
  }

  async stream(key: string): Promise<Readable> {
    const bytes = this.bytesOf(key);
    this.opened++;
    const stream = Readable.from(this.endless.has(key) ? again(bytes) : pieces(bytes));
    stream.once('close', () => this.closed++);
    return stream;
  }
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}

/** As a disk would, it lets others have their turn in between. */
async function* again(bytes: Buffer): AsyncGenerator<Buffer> {
  for (;;) {
    yield bytes;
    await new Promise(setImmediate);
  }
}
