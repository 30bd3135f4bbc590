import type { Ending } from './primary.js';

/**
 * What the system asks of this process, for as long as it runs: SIGINT and SIGTERM end it, however often they come, and
 * SIGHUP has it start again on its configuration, as it has Orthanc; at a terminal, whose end it says, it ends too.
 */
export class Signals {
  private end!: () => void;
  private wake: (ending: Ending) => void = () => undefined;
  private isOver = false;

  /** Resolves once the process is to end. */
  readonly shutdown = new Promise<void>((resolve) => (this.end = resolve));

  constructor() {
    const stop = (): void => {
      this.isOver = true;
      this.end();
      this.wake('shutdown');
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    // a terminal that is gone is no reason to go on without one
    process.on('SIGHUP', () => (process.stdout.isTTY ? stop() : this.wake('reset')));
  }

  /** Resolves with what is asked for from now on; what ends the process is never too early. */
  next(): Promise<Ending> {
    return this.isOver ? Promise.resolve('shutdown') : new Promise((resolve) => (this.wake = resolve));
  }

  /** Whether the process is to end. */
  get isEnding(): boolean {
    return this.isOver;
  }
}
