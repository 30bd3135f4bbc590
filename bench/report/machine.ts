import { cpus, loadavg, release, totalmem } from 'node:os';

/** The machine in a line: what figures depend on, beside what else it did. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${memory} GB, Linux ${release()}, Node ${process.versions.node}`;
}

/** Collects the load average in the course of a run. */
export class LoadWatch {
  private readonly samples: number[] = [loadavg()[0]!];
  private readonly timer = setInterval(() => this.samples.push(loadavg()[0]!), 5000).unref();

  /** The least and the greatest number of runnable processes, over a minute each. */
  range(): string {
    clearInterval(this.timer);
    return `${Math.min(...this.samples).toFixed(1)} to ${Math.max(...this.samples).toFixed(1)}`;
  }
}
