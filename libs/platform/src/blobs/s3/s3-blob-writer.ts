import type { BlobWriter } from '@annal/domain';
import { crashPoint } from '../../faults/crash-point.js';
import type { Bucket } from './bucket.js';
import { MultipartUpload } from './multipart-upload.js';
import type { PartBuffers } from './part-buffers.js';
import { S3Error } from './s3-error.js';
import type { Slots } from './slots.js';

/** What the writers of a process share, so that their memory and connections are bounded. */
export interface SharedParts {
  readonly buffers: PartBuffers;
  /** The parts that are sent at once. */
  readonly slots: Slots;
}

/**
 * An object that is sent in parts while its bytes come in: one part is gathered, others are under way. What fits in one
 * part is sent at the end, at once. The object is there, and durable, when it is ended.
 */
export class S3BlobWriter implements BlobWriter {
  private upload: MultipartUpload | undefined;
  private gathered: Buffer | undefined;
  private filled = 0;
  private parts = 0;
  private readonly underWay = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;
  private state: 'open' | 'ending' | 'ended' | 'over' = 'open';

  constructor(
    private readonly bucket: Bucket,
    private readonly name: string,
    private readonly shared: SharedParts,
  ) {}

  async write(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length;) {
        // a part is sent only when there is more: otherwise it may be all there is
        if (this.gathered && this.filled === this.gathered.length) await this.sendPart();
        this.gathered ??= this.shared.buffers.take();
        const copied = chunk.copy(this.gathered, this.filled, taken);
        this.filled += copied;
        taken += copied;
      }
    }
  }

  async end(): Promise<void> {
    if (this.state !== 'open') return;
    this.state = 'ending';
    try {
      if (this.parts === 0) {
        await this.bucket.put(this.name, this.gathered?.subarray(0, this.filled) ?? Buffer.alloc(0));
      } else {
        await this.sendPart();
        await Promise.all(this.underWay);
        this.expectNoFailure();
        await this.upload!.complete();
      }
    } catch (error) {
      // whose object is there is not ours to remove
      if (error instanceof S3Error && error.isThere) this.state = 'open';
      throw error;
    } finally {
      this.letGo();
    }
    this.state = 'ended';
  }

  async commit(): Promise<void> {
    await this.end();
    await crashPoint('store:blob-written');
    await crashPoint('store:blob-durable');
    this.state = 'over';
  }

  /** What cannot be given up now is left to `purgeUnfinished` and the sweeper. */
  async abort(): Promise<void> {
    const { state } = this;
    if (state === 'over') return;
    this.state = 'over';
    this.letGo();
    // a part that arrives later would stay
    await Promise.all(this.underWay);
    if (state !== 'ended') await this.upload?.abort().catch(() => undefined);
    if (state !== 'open') await this.bucket.remove(this.name).catch(() => undefined);
  }

  /** Resolves when the part is under way. */
  private async sendPart(): Promise<void> {
    this.expectNoFailure();
    const buffer = this.gathered!;
    const body = buffer.subarray(0, this.filled);
    this.gathered = undefined;
    this.filled = 0;
    const number = ++this.parts;
    try {
      this.upload ??= await MultipartUpload.begin(this.bucket, this.name, this.bucket.options.checksums);
    } catch (error) {
      this.shared.buffers.giveBack(buffer);
      throw error;
    }
    await this.shared.slots.take();
    const sent = this.upload
      .send(number, body)
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => {
        this.shared.slots.giveBack();
        this.shared.buffers.giveBack(buffer);
        this.underWay.delete(sent);
      });
    this.underWay.add(sent);
  }

  private expectNoFailure(): void {
    if (this.failure) throw this.failure.error;
  }

  private letGo(): void {
    if (this.gathered) this.shared.buffers.giveBack(this.gathered);
    this.gathered = undefined;
  }
}
