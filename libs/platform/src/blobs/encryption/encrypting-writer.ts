import type { BlobWriter } from '@annal/domain';
import { CHUNK_SIZE, type ChunkCipher } from './chunk-cipher.js';

/** Encrypts a blob on its way to another writer. */
export class EncryptingWriter implements BlobWriter {
  private readonly gathered = Buffer.allocUnsafeSlow(CHUNK_SIZE);
  private filled = 0;
  private index = 0;
  private ended = false;

  constructor(
    private readonly target: BlobWriter,
    private readonly cipher: ChunkCipher,
    private header: readonly Buffer[],
  ) {}

  async write(chunks: readonly Buffer[]): Promise<void> {
    const stored: Buffer[] = [];
    for (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length;) {
        // only with more to come it is known not to be the last
        if (this.filled === CHUNK_SIZE) stored.push(...this.encrypt(false));
        const copied = chunk.copy(this.gathered, this.filled, taken);
        this.filled += copied;
        taken += copied;
      }
    }
    await this.pass(stored);
  }

  async end(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.pass(this.encrypt(true));
    await this.target.end();
  }

  async commit(): Promise<void> {
    await this.end();
    await this.target.commit();
  }

  async abort(): Promise<void> {
    await this.target.abort();
  }

  private encrypt(isLast: boolean): Buffer[] {
    const stored = this.cipher.encrypt([this.gathered.subarray(0, this.filled)], this.index++, isLast);
    this.filled = 0;
    return stored;
  }

  private async pass(stored: readonly Buffer[]): Promise<void> {
    const all = [...this.header, ...stored];
    this.header = [];
    if (all.length > 0) await this.target.write(all);
  }
}
