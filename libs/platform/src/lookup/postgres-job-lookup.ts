import type { Job, JobLookup } from '@annal/domain';
import { countUnendedJobs, readJob, type StatementRunner } from '@annal/projections';

/** How long a count is good enough, ms, and for how many more jobs: all servers together take on fewer in that time. */
const COUNT_MS = 1000;
const MARGIN = 10_000;

/** Looks up jobs in the live read models. */
export class PostgresJobLookup implements JobLookup {
  private unended: { readonly count: number; readonly until: number } | undefined;

  constructor(private readonly runner: StatementRunner) {}

  find(id: string): Promise<Job | undefined> {
    return readJob(this.runner, id);
  }

  /** Counts anew each time where they are nearly as many, else every second: a count reads as many rows as there are jobs. */
  async hasUnended(count: number): Promise<boolean> {
    const { unended } = this;
    if (unended && unended.until > performance.now() && unended.count + MARGIN < count) return false;
    const until = performance.now() + COUNT_MS;
    this.unended = { count: await countUnendedJobs(this.runner, count), until };
    return this.unended.count >= count;
  }
}
