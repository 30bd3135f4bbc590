import type { Job, JobLookup } from '@annal/domain';
import { hasUnendedJobs, readJob, type StatementRunner } from '@annal/projections';

/** Looks up jobs in the live read models. */
export class PostgresJobLookup implements JobLookup {
  constructor(private readonly runner: StatementRunner) {}

  find(id: string): Promise<Job | undefined> {
    return readJob(this.runner, id);
  }

  hasUnended(count: number): Promise<boolean> {
    return hasUnendedJobs(this.runner, count);
  }
}
