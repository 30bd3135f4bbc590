import type { Job } from '../jobs/job.js';

/** What the read models know of jobs. */
export interface JobLookup {
  /** A job by its identifier. */
  find(id: string): Promise<Job | undefined>;
  /** Whether so many jobs have not ended yet. */
  hasUnended(count: number): Promise<boolean>;
}
