import { FrameError } from './frame-error.js';

/** How long the bytes of a frame may be read: those of a deflated file are found by inflating all that stands before. */
export class Deadline {
  private end = 0;

  /** @param seconds from now on */
  constructor(private readonly seconds: number) {
    this.restart();
  }

  /** As many seconds from now on, for the next frame. */
  restart(): void {
    this.end = performance.now() + this.seconds * 1000;
  }

  /** What comes in time. @throws FrameError 413 */
  async *inTime<T>(chunks: AsyncIterable<T>): AsyncGenerator<T, void> {
    for await (const chunk of chunks) {
      if (performance.now() > this.end) throw new FrameError('limit', `${this.seconds} seconds for a frame`);
      yield chunk;
    }
  }
}
