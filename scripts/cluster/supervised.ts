import { setTimeout as delay } from 'node:timers/promises';
import { type Running } from './running.js';
import { say } from './say.js';

const PAUSE_MS = 1000;

/** A part of the cluster that is started again whenever it ends without being asked. */
export class Supervised {
  readonly name: string;
  private readonly launch: () => Promise<Running>;
  private launched: Promise<Running> | undefined;
  private stopping = false;

  /** @param launch starts it */
  constructor(name: string, launch: () => Promise<Running>) {
    this.name = name;
    this.launch = launch;
  }

  /** Starts it; resolves when it serves others. @throws when it does not come to that */
  async start(): Promise<void> {
    if (this.stopping) return;
    this.launched = this.launch();
    const running = await this.launched;
    await running.ready;
    void running.ended.then((how) => this.again(how));
  }

  /** Stops it, also while it starts; resolves when it is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    // what did not start does not run
    await this.launched?.then(
      (running) => running.stop(),
      () => undefined,
    );
  }

  private async again(how: string): Promise<void> {
    if (this.stopping) return;
    say(`${this.name} ended ${how}; it is started again`);
    while (!this.stopping) {
      try {
        await this.start();
        if (!this.stopping) say(`${this.name} runs again`);
        return;
      } catch (error) {
        if (this.stopping) return;
        say(`${this.name} does not start: ${(error as Error).message}`);
        await this.launched?.then(
          (running) => running.stop(),
          () => undefined,
        );
        await delay(PAUSE_MS);
      }
    }
  }
}
