import { LastingError } from '../telemetry/lasting-error.js';
import type { Logger } from '../telemetry/logger.js';

/**
 * Runs a task again and again, one run at a time; a failure is logged, ever more rarely while it stays, and the next run
 * comes all the same.
 */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private readonly failure = new LastingError();

  /**
   * @param interval ms from the end of a run to the start of the next
   * @param first ms until the first run
   */
  constructor(
    private readonly name: string,
    private readonly interval: number,
    private readonly task: () => Promise<unknown>,
    private readonly logger: Logger,
    first: number = interval,
  ) {
    this.schedule(first);
  }

  /** No further run; resolves when the one under way is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delay: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, delay);
    this.timer.unref();
  }

  private async run(): Promise<void> {
    const started = performance.now();
    try {
      await this.task();
      if (this.failure.over()) this.logger.info(`${this.name} works again`);
    } catch (error) {
      if (!this.stopped && this.failure.isDue(error))
        this.logger.warn({ err: error }, `${this.name} failed and will be tried again`);
    }
    // a task that takes long may have a tenth of the time
    this.schedule(Math.max(this.interval, 9 * (performance.now() - started)));
  }
}
