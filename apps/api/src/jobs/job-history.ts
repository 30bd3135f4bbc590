import { randomUUID } from 'node:crypto';
import { ControlJob, type EventContext, type Job, RemoveJob, RemoveJobOutput } from '@annal/domain';
import type { JobLeases } from '@annal/platform';
import {
  readForgottenJobs,
  readJobsBefore,
  readJobsWithOutputs,
  readOldOutputs,
  readPausedJobsWithParts,
  type StatementRunner,
} from '@annal/projections';
import type { CommandBus } from '@nestjs/cqrs';
import { reportBeforeForgetting } from '../exports/ended-export.js';
import { jobContext } from './job-context.js';
import type { JobTypes } from './job-types.js';

/** What is forgotten at once. */
const BATCH = 200;
/** So long after its end a request that waits for a job has surely seen that, ms. */
const ANSWERED_MS = 2000;
/** Jobs that are looked at together, each of which may name all that was asked of it. */
const JOBS_AT_ONCE = 20;

/** How much of jobs that have ended is kept. */
export interface HistoryLimits {
  /** Jobs. */
  readonly jobs: number;
  /** Jobs with their outputs. */
  readonly outputs: number;
  /** For how long outputs are kept, ms; 0: for ever. */
  readonly expiry: number;
  /** For how long an output may hold what was deleted, ms: as long as keys of that are kept. */
  readonly grace: number;
}

/** Forgets the jobs that ended longest ago, and what they made. */
export class JobHistory {
  constructor(
    private readonly runner: StatementRunner,
    private readonly leases: JobLeases,
    private readonly commands: CommandBus,
    private readonly limits: HistoryLimits,
    private readonly source: string,
    private readonly types: JobTypes,
  ) {}

  /** Forgets what is too much, unless another process does. */
  async run(): Promise<void> {
    const { jobs: history, outputs: kept, expiry } = this.limits;
    // with no history a job is gone at once, as Orthanc has it
    const answered = history > 0 ? new Date(Date.now() - ANSWERED_MS) : undefined;
    const jobs = await readForgottenJobs(this.runner, history, answered, BATCH);
    const expired = expiry > 0 ? new Date(Date.now() - expiry) : undefined;
    const outputs = await readOldOutputs(this.runner, kept, expired, BATCH);
    if (jobs.length + outputs.length === 0 || !(await this.leases.leads())) return;
    for (const id of jobs) await this.remove(id);
    for (const { id, output } of outputs) {
      if (!jobs.includes(id)) await this.commands.execute(new RemoveJobOutput(id, output, this.context()));
    }
  }

  /** Forgets the jobs of the last run, whatever their state: those whose identifiers are less than this one. */
  async forgetLastRun(first: string): Promise<void> {
    for (const id of await readJobsBefore(this.runner, first, BATCH)) await this.forget(id);
  }

  /** Forgets a job in any state. */
  async forget(id: string): Promise<void> {
    await this.commands.execute(new ControlJob(id, 'cancel', this.context()));
    await this.remove(id);
  }

  /**
   * Forgets outputs that hold a copy of what was deleted, of which nothing else is left, and ends paused jobs that hold one,
   * as nobody may ever resume them; unless another process does.
   */
  async forgetDeleted(): Promise<void> {
    const before = new Date(Date.now() - this.limits.grace);
    await this.forEachOutdated(
      (after) => readJobsWithOutputs(this.runner, before, after, JOBS_AT_ONCE),
      async ({ id, outputs }) => {
        for (const output of Object.keys(outputs)) {
          await this.commands.execute(new RemoveJobOutput(id, output, this.context()));
        }
      },
    );
    await this.forEachOutdated(
      (after) => readPausedJobsWithParts(this.runner, after, JOBS_AT_ONCE),
      ({ id }) => this.commands.execute(new ControlJob(id, 'cancel', this.context())),
    );
  }

  /** Does something about each job that holds a copy of what was deleted. @param read those behind a place */
  private async forEachOutdated(
    read: (after: number) => Promise<readonly { readonly job: Job; readonly place: number }[]>,
    forget: (job: Job) => Promise<unknown>,
  ): Promise<void> {
    let after = -1;
    for (;;) {
      const jobs = await read(after);
      if (jobs.length === 0 || !(await this.leases.leads())) return;
      for (const { job } of jobs) if (await this.types.get(job.type)?.isOutdated?.(job)) await forget(job);
      after = jobs.at(-1)!.place;
    }
  }

  private async remove(id: string): Promise<void> {
    await reportBeforeForgetting(id, this.runner, this.commands, this.context());
    await this.commands.execute(new RemoveJob(id, this.context()));
  }

  private context(): EventContext {
    return jobContext(this.source, randomUUID());
  }
}
