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
  /** Settles when nothing is being written or ended; never fails. */
  private busy: Promise<void> = Promise.resolve();
  private ending: Promise<void> | undefined;
  private mayBeThere = false;
  private over = false;

  constructor(
    private readonly bucket: Bucket,
    private readonly name: string,
    private readonly shared: SharedParts,
  ) {}

  write(chunks: readonly Buffer[]): Promise<void> {
    return this.during(this.take(chunks));
  }

  end(): Promise<void> {
    return (this.ending ??= this.during(this.finish()));
  }

  async commit(): Promise<void> {
    await this.end();
    await crashPoint('store:blob-written');
    await crashPoint('store:blob-durable');
    this.over = true;
  }

  /** What cannot be given up now is left to `purgeUnfinished` and the sweeper. */
  async abort(): Promise<void> {
    if (this.over) return;
    this.over = true;
    await this.busy;
    this.letGo();
    // a part that arrives later would stay
    await Promise.all(this.underWay);
    await this.upload?.abort().catch(() => undefined);
    if (this.mayBeThere) await this.bucket.remove(this.name).catch(() => undefined);
  }

  private during(task: Promise<void>): Promise<void> {
    this.busy = task.catch(() => undefined);
    return task;
  }

  private async take(chunks: readonly Buffer[]): Promise<void> {
    this.expectGoingOn();
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

  private async finish(): Promise<void> {
    this.expectGoingOn();
    this.mayBeThere = true;
    try {
      if (this.parts === 0) {
        await this.bucket.put(this.name, this.gathered?.subarray(0, this.filled) ?? Buffer.alloc(0));
      } else {
        await this.sendPart();
        await Promise.all(this.underWay);
        this.expectGoingOn();
        await this.upload!.complete();
      }
    } catch (error) {
      // whose object is there is not ours to remove
      if (error instanceof S3Error && error.isThere) this.mayBeThere = false;
      throw error;
    } finally {
      this.letGo();
    }
  }

  /** Resolves when the part is under way. */
  private async sendPart(): Promise<void> {
    const number = ++this.parts;
    this.upload ??= await MultipartUpload.begin(this.bucket, this.name, this.bucket.options.checksums);
    await this.shared.slots.take();
    try {
      this.expectGoingOn();
    } catch (error) {
      this.shared.slots.giveBack();
      throw error;
    }
    const buffer = this.gathered!;
    const body = buffer.subarray(0, this.filled);
    this.gathered = undefined;
    this.filled = 0;
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

  private expectGoingOn(): void {
    if (this.failure) throw this.failure.error;
    if (this.over) throw new Error('The blob was given up or is complete');
  }

  private letGo(): void {
    if (this.gathered) this.shared.buffers.giveBack(this.gathered);
    this.gathered = undefined;
  }
}
