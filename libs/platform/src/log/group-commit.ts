/** How much one commit takes at most. */
export interface GroupLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Of a log's groups: a Kafka broker takes up to 1 MB at once. */
export const GROUP_LIMITS: GroupLimits = { items: 500, bytes: 700_000 };

interface Pending<T, R> {
  readonly item: T;
  readonly size: number;
  readonly bytes: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Collects what comes in while a commit is under way and hands it over as the next one: one in flight, order kept,
 * cut by count and size (a single larger item goes alone).
 */
export class GroupCommit<T, R> {
  private readonly queue: Pending<T, R>[] = [];
  private running: Promise<void> | undefined;

  /** @param commit resolves with one result an item, or rejects for all of them */
  constructor(
    private readonly commit: (items: readonly T[]) => Promise<readonly (R | Error)[]>,
    private readonly limits: GroupLimits,
  ) {}

  /** Resolves with the item's result once its commit is done. `size` counts events, `bytes` their serialised length. */
  submit(item: T, size: number, bytes: number): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.queue.push({ item, size, bytes, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is pending any more. */
  async drained(): Promise<void> {
    while (this.running) await this.running;
  }

  /** How many items wait. */
  get length(): number {
    return this.queue.length;
  }

  private async run(): Promise<void> {
    // what else arrives in this turn of the event loop joins the first commit
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const group = this.take();
      try {
        const results = await this.commit(group.map((pending) => pending.item));
        group.forEach((pending, index) => {
          const result = results[index];
          if (result instanceof Error) pending.reject(result);
          else pending.resolve(result as R);
        });
      } catch (error) {
        for (const pending of group) pending.reject(error);
      }
    }
    this.running = undefined;
  }

  private take(): Pending<T, R>[] {
    let items = 0;
    let bytes = 0;
    let count = 0;
    for (const pending of this.queue) {
      items += pending.size;
      bytes += pending.bytes;
      if (count > 0 && (items > this.limits.items || bytes > this.limits.bytes)) break;
      count += 1;
    }
    return this.queue.splice(0, count);
  }
}
