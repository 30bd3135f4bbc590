import { closeSync } from 'node:fs';
import { unlink } from 'node:fs/promises';

/** A file made ahead of time: empty, its name durable, open for writing. */
export interface SpareFile {
  readonly key: string;
  readonly path: string;
  readonly descriptor: number;
}

/** So many are made at once, and again when half of them are used. */
const BATCH = 32;
const IDLE_MS = 60_000;

/**
 * Files made ahead of the uploads that will fill them. Creating a file and making its name durable wait for the file
 * system; done for many at once, while others upload, nobody waits for it. What a crash leaves of them are empty files,
 * which the sweeper takes for what they are.
 */
export class SpareFiles {
  private free: SpareFile[] = [];
  private readonly handedOut = new Map<string, SpareFile>();
  private refilling: Promise<void> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private closed = false;

  /**
   * @param make creates so many empty files, whose names are durable when it resolves
   * @param idleTime ms after which spares that nobody asked for are removed
   */
  constructor(
    private readonly make: (count: number) => Promise<SpareFile[]>,
    private readonly idleTime = IDLE_MS,
  ) {}

  /** The key of a spare; undefined when there is none at the moment. */
  handOut(): string | undefined {
    const spare = this.free.shift();
    if (spare) this.handedOut.set(spare.key, spare);
    if (this.free.length <= BATCH / 2) this.refill();
    return spare?.key;
  }

  /** The file behind a key that was handed out: the caller's from now on. */
  take(key: string): SpareFile | undefined {
    const spare = this.handedOut.get(key);
    this.handedOut.delete(key);
    return spare;
  }

  /** Removes all spares; none are made any more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.refilling;
    await this.clear();
  }

  private refill(): void {
    if (this.refilling || this.closed) return;
    this.refilling = this.make(BATCH)
      .then(
        (made) => void this.free.push(...made),
        // whoever finds no spare creates the file itself, and reports what is wrong
        () => undefined,
      )
      .finally(() => (this.refilling = undefined));
    if (this.idle) this.idle.refresh();
    else this.idle = setTimeout(() => void this.clear(), this.idleTime).unref();
  }

  private async clear(): Promise<void> {
    const { free } = this;
    this.free = [];
    for (const { descriptor } of free) closeSync(descriptor);
    await Promise.all(free.map(({ path }) => unlink(path).catch(() => undefined)));
  }
}
