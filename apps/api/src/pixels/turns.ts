import { OrthancError } from '../http/errors/http-errors.js';
import { Gate } from '../load/gate.js';

/** Lets so many tasks run at once and so many more wait; whoever comes then is sent away. */
export class Turns {
  private readonly gate: Gate;
  private present = 0;

  constructor(
    private readonly capacity: number,
    private readonly maxWaiting: number,
  ) {
    this.gate = new Gate(capacity);
  }

  /** @throws OrthancError 503 when too many wait */
  async take<R>(task: () => Promise<R>): Promise<R> {
    if (this.present >= this.capacity + this.maxWaiting) {
      const details = 'Too many images are being decoded: try again later';
      throw new OrthancError('DatabaseUnavailable', details, 503, { 'Retry-After': '5' });
    }
    this.present += 1;
    try {
      return await this.gate.run(task);
    } finally {
      this.present -= 1;
    }
  }
}
