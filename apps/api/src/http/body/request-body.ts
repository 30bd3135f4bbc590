import type { Readable } from 'node:stream';

/** So much may wait to be taken before the sender is held up, bytes. */
const AHEAD = 256 * 1024;

/**
 * The chunks of a request as they come in, from the first `next` on. Giving up early leaves the connection open, so
 * that the answer still gets out, and lets the rest go by. (What a stream's own iterator does in several turns for each chunk is one here:
 * uploads are made of this.)
 */
export class RequestBody implements AsyncIterable<Buffer>, AsyncIterator<Buffer, undefined> {
  private readonly chunks: Buffer[] = [];
  private waitingBytes = 0;
  private received = 0;
  private ended = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  private started = false;

  /** @param check is told how many bytes have come so far; what it throws ends the body */
  constructor(
    private readonly request: Readable,
    private readonly check: (received: number) => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    if (!this.started) this.start();
    while (this.chunks.length === 0) {
      if (this.failure) throw this.failure;
      if (this.ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const value = this.chunks.shift()!;
    this.waitingBytes -= value.length;
    if (this.waitingBytes < AHEAD && this.request.isPaused()) this.request.resume();
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<Buffer, undefined>> {
    if (this.started && !this.ended && !this.failure) {
      this.request
        .off('data', this.take)
        .off('end', this.end)
        .off('close', this.closed)
        .on('data', this.discard)
        .resume();
    }
    this.started = true;
    this.ended = true;
    this.chunks.length = 0;
    this.awaken();
    return { done: true, value: undefined };
  }

  private start(): void {
    this.started = true;
    const { request } = this;
    if (request.readableEnded) this.end();
    else if (request.destroyed) this.closed();
    else request.on('data', this.take).on('end', this.end).on('error', this.fail).on('close', this.closed);
  }

  private readonly take = (chunk: Buffer): void => {
    this.received += chunk.length;
    try {
      this.check(this.received);
    } catch (error) {
      this.request.off('data', this.take).pause();
      this.fail(error as Error);
      return;
    }
    this.chunks.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes >= AHEAD) this.request.pause();
    this.awaken();
  };

  /** Whoever sends first and reads then would never see the answer otherwise, but a connection that is reset. */
  private readonly discard = (chunk: Buffer): void => {
    this.received += chunk.length;
    try {
      this.check(this.received);
    } catch {
      this.request.off('data', this.discard).pause();
    }
  };

  private readonly end = (): void => {
    this.ended = true;
    this.awaken();
  };

  private readonly fail = (error: Error): void => {
    this.failure ??= error;
    this.awaken();
  };

  private readonly closed = (): void => {
    if (!this.ended) this.fail(new Error('The connection was closed before the body was complete'));
  };

  private awaken(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}
