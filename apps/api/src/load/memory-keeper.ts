import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** When memory is collected beyond what V8 does by itself, bytes and milliseconds. */
interface KeepingBounds {
  /** Below this nothing is done. */
  readonly from: number;
  /** So much must have come on top of the least that there was since the last time. */
  readonly growth: number;
  readonly interval: number;
}

/** After a collection comes a pause of so many times as long: a process that needs more memory still has most of its time. */
const PAUSE = 5;

const BOUNDS: KeepingBounds = { from: 280e6, growth: 32e6, interval: 250 };

/**
 * Keeps a busy process small: V8 lets garbage grow with what is in use and collects all of it only where a process rests, so
 * that one which has its caches full holds a hundred megabytes more than it needs for as long as requests come.
 */
export class MemoryKeeper {
  private next: number;
  /** When it may collect again, ms. */
  private earliest = 0;
  private readonly timer: NodeJS.Timeout;

  /**
   * @param collect collects all garbage, which holds the process up for some 150 ms where 80 MB are in use
   * @param resident the process's resident memory, bytes
   */
  constructor(
    private readonly collect: () => void = collector(),
    private readonly resident: () => number = () => process.memoryUsage.rss(),
    private readonly bounds = BOUNDS,
  ) {
    this.next = bounds.from;
    this.timer = setInterval(() => this.look(), bounds.interval).unref();
  }

  /** Ends it. */
  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    let resident = this.resident();
    const now = performance.now();
    if (resident >= this.next) {
      if (now < this.earliest) return;
      this.collect();
      const after = performance.now();
      this.earliest = after + PAUSE * (after - now);
      this.next = Infinity;
      resident = this.resident();
    }
    this.next = Math.max(this.bounds.from, Math.min(this.next, resident + this.bounds.growth));
  }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: object) => void;
  setFlagsFromString('--no-expose-gc');
  // less than that leaves the pages of what is gone with the process
  return () => collect({ type: 'major', flavor: 'last-resort' });
}
