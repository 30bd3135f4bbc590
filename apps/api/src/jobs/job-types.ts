import type { Job, JobObject } from '@annal/domain';
import { Injectable } from '@nestjs/common';
import type { JobType } from './job-type.js';

/** The kinds of jobs that this server can do. */
@Injectable()
export class JobTypes {
  private readonly types = new Map<string, JobType>();

  /** Adds one; those who want something done by jobs do so when they start. */
  register(type: JobType): void {
    this.types.set(type.name, type);
  }

  /** undefined: another release knows it, perhaps. */
  get(name: string): JobType | undefined {
    return this.types.get(name);
  }

  /** What is shown of a job (`Content`). */
  shownOf(job: Job): JobObject {
    return this.get(job.type)?.shown?.(job) ?? job.content;
  }

  get names(): readonly string[] {
    return [...this.types.keys()];
  }
}
