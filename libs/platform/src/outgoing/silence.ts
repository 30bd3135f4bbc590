import { OutgoingError } from './outgoing-error.js';

/** Aborts a request whose other side was silent for too long: before the head of its answer, that is. */
export class Silence {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param ms how long is too long */
  constructor(ms: number, host: string) {
    const late = (): void => this.controller.abort(new OutgoingError('timeout', `${host} did not answer in time`));
    this.timer = setTimeout(late, ms);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Each piece is taken once the one before is on its way, so that counts as a sign of life. */
  async *during(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.timer.refresh();
      yield piece;
    }
    this.timer.refresh();
  }

  /** The head of the answer is there. */
  end(): void {
    clearTimeout(this.timer);
  }
}
