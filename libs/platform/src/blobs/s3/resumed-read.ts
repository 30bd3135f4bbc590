import { finished, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { BlobStoreUnavailable } from '@annal/domain';

const DELAY_MS = 50;

/**
 * The bytes of an object: where a connection breaks off, it goes on from there with another request. A blob never
 * changes, so both are of the same bytes. A connection may also break because nobody took bytes for long.
 */
export class ResumedRead extends Readable {
  private source: Readable | undefined;
  private wanted = false;
  private opening = false;
  private failures = 0;

  /**
   * @param first what is open already, from `at` on
   * @param end exclusive
   * @param open the bytes from a place up to `end`
   * @param attempts how often in a row no byte may come
   */
  constructor(
    first: Readable,
    private at: number,
    private readonly end: number,
    private readonly open: (from: number) => Promise<Readable>,
    private readonly attempts: number,
  ) {
    super({ highWaterMark: 256 * 1024 });
    this.attach(first);
  }

  override _read(): void {
    this.wanted = true;
    if (this.source) this.source.resume();
    else void this.reopen();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.source?.destroy();
    callback(error);
  }

  private attach(source: Readable): void {
    this.source = source;
    // without this, listening would start the flow
    source.pause();
    source.on('data', (chunk: Buffer) => {
      this.at += chunk.length;
      this.failures = 0;
      if (this.push(chunk)) return;
      this.wanted = false;
      source.pause();
    });
    finished(source, () => this.detach());
    if (this.wanted) source.resume();
  }

  /** A source is over, with all its bytes or not. */
  private detach(): void {
    this.source = undefined;
    if (this.destroyed) return;
    if (this.at >= this.end) {
      this.push(null);
    } else if (this.wanted) {
      this.failures += 1;
      void this.reopen();
    }
  }

  private async reopen(): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    try {
      if (this.failures >= this.attempts) throw new BlobStoreUnavailable('S3 breaks off its answers');
      if (this.failures > 0) await delay(DELAY_MS * 2 ** this.failures);
      const source = await this.open(this.at);
      if (this.destroyed) source.destroy();
      else this.attach(source);
    } catch (error) {
      this.destroy(error as Error);
    } finally {
      this.opening = false;
    }
  }
}
