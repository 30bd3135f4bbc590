/** Lets so many in at once; the others wait their turn. */
export class Gate {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly running = new Set<Promise<unknown>>();

  constructor(private readonly capacity: number) {}

  /** Runs a task once there is room. */
  run<R>(task: () => Promise<R>): Promise<R> {
    const run = this.enter(task);
    const settled = run.catch(() => undefined);
    this.running.add(settled);
    void settled.then(() => this.running.delete(settled));
    return run;
  }

  /** Resolves when nothing is inside or waiting any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private async enter<R>(task: () => Promise<R>): Promise<R> {
    if (this.inside >= this.capacity) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.inside += 1;
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }
}
