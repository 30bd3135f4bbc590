import type { BlobStore } from '@annal/domain';
import { openStoredFile, RecentlyUsed, type StoredFileBlob } from '@annal/platform';
import { Gate } from '../../load/gate.js';

/** What begins within so many bytes is soon inflated. */
const NEAR = 1024 * 1024;

/**
 * Files that are stored compressed and were read from beyond their beginning last, inflated: such a file can be read from its
 * beginning only, and viewers ask for one frame after the other. Who asks has looked the file up, so that nothing of a
 * deleted one is found here.
 */
export class InflatedFiles {
  /** By the key of the blob, which is never reused. */
  private readonly kept: RecentlyUsed<Buffer>;
  private readonly underWay = new Map<string, Promise<Buffer>>();
  /** Beside what is kept there is one more at most. */
  private readonly gate = new Gate(1);

  /** @param capacity bytes that may be kept */
  constructor(
    private readonly blobs: Pick<BlobStore, 'stream'>,
    private readonly capacity: number,
  ) {
    this.kept = new RecentlyUsed(capacity, ({ length }) => length);
  }

  /**
   * All bytes of a file, which are not to be changed; undefined where what begins at `start` is better read as it is stored:
   * of a damaged file, too, which has perhaps what is wanted.
   * @param size of the file, bytes
   */
  async get(blob: StoredFileBlob, size: number, start: number): Promise<Buffer | undefined> {
    if (blob.compression === 'none' || start < NEAR || size > this.capacity) return undefined;
    const known = this.kept.get(blob.key);
    if (known) return known;
    return (this.underWay.get(blob.key) ?? this.inflate(blob, size)).catch(() => undefined);
  }

  private inflate(blob: StoredFileBlob, size: number): Promise<Buffer> {
    const inflated = this.gate.run(async () => {
      const file = Buffer.allocUnsafeSlow(size);
      let length = 0;
      const stream = await openStoredFile(this.blobs, blob, 0, size);
      for await (const chunk of stream as AsyncIterable<Buffer>) length += chunk.copy(file, length);
      const whole = file.subarray(0, length);
      this.kept.set(blob.key, whole);
      return whole;
    });
    this.underWay.set(blob.key, inflated);
    return inflated.finally(() => this.underWay.delete(blob.key));
  }
}
