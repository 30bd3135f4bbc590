import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventWriter, firstJobIdAt, type JobLookup, type Sealer } from '@annal/domain';
import { type AnnalConfiguration, type JobLeases, type Logger, Periodic, PostgresJobLookup } from '@annal/platform';
import type { StatementRunner } from '@annal/projections';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIGURATION, EVENT_WRITER, JOB_LEASES, JOBS_FORGOTTEN_BEFORE, LOGGER, POOL, VAULT } from '../tokens.js';
import { JobHistory } from './job-history.js';
import { JobRunner, REST_MS } from './job-runner.js';
import { JobTypes } from './job-types.js';
import { RunRecorder } from './run-recorder.js';

/** How often a process that is told nothing looks for jobs that others submitted or left, ms. */
const LOOK_MS = 1000;
/** How often outputs are looked for that hold what was deleted, ms. */
const COPIES_MS = 5000;
/** How long the end of this process waits for steps to be given up, ms. */
const SETTLE_MS = 5000;

/** Takes jobs that wait and runs them, beside others that do the same in the other processes and replicas. */
@Injectable()
export class JobEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private readonly runner: JobRunner | undefined;
  private readonly history: JobHistory | undefined;
  private readonly concurrent: number;
  /** What is less is of the last run, which is forgotten; undefined: nothing is. */
  private readonly first: string | undefined;
  private tasks: readonly Periodic[] = [];
  private taking: Promise<void> | undefined;
  private again = false;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) pool: StatementRunner,
    @Inject(EVENT_WRITER) writer: EventWriter,
    @Inject(VAULT) sealer: Pick<Sealer, 'sealJob'>,
    @Inject(JOB_LEASES) private readonly leases: JobLeases | undefined,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(JobTypes) private readonly types: JobTypes,
    @Inject(CommandBus) commands: CommandBus,
    @Inject(JOBS_FORGOTTEN_BEFORE) forgottenBefore: Date | undefined,
  ) {
    const { Annal, ConcurrentJobs, JobsHistorySize, MediaArchiveSize, Name } = configuration;
    this.concurrent = ConcurrentJobs === 0 ? availableParallelism() : ConcurrentJobs;
    this.first = forgottenBefore && firstJobIdAt(forgottenBefore);
    if (!leases) return;
    const lookup: JobLookup = new PostgresJobLookup(pool);
    this.runner = new JobRunner(types, lookup, leases, new RunRecorder(writer, sealer, Name), logger);
    const limits = {
      jobs: JobsHistorySize,
      outputs: MediaArchiveSize,
      expiry: Annal.Archives.Expiry * 1000,
      grace: Annal.Vault.Grace * 1000,
    };
    this.history = new JobHistory(pool, leases, commands, limits, Name, types);
  }

  onApplicationBootstrap(): void {
    const { history, first } = this;
    if (!this.isActive || !history) return;
    this.tasks = [
      new Periodic('Looking for jobs', LOOK_MS, () => this.take(), this.logger, 0),
      new Periodic('Forgetting old jobs', LOOK_MS, () => history.run(), this.logger),
      new Periodic('Forgetting copies of what was deleted', COPIES_MS, () => history.forgetDeleted(), this.logger),
      ...(first === undefined
        ? []
        : [
            new Periodic(
              'Forgetting the jobs of the last run',
              LOOK_MS,
              () => history.forgetLastRun(first),
              this.logger,
              0,
            ),
          ]),
    ];
  }

  /** Leaves what is under way to others, who go on behind the last step. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    const settled = async (): Promise<void> => {
      await Promise.all(this.tasks.map((task) => task.stop()));
      await this.taking?.catch(() => undefined);
      await Promise.all(this.running);
    };
    // a database that does not answer is not waited for: the leases lapse with the sessions
    await Promise.race([settled(), delay(SETTLE_MS, undefined, { ref: false })]);
  }

  /** There may be something to do: nobody has to wait until this process looks by itself. */
  wake(): void {
    if (!this.isActive) return;
    this.take().catch((error: unknown) => this.logger.warn({ err: error }, 'Looking for jobs failed'));
  }

  private get isActive(): boolean {
    const { Annal, ReadOnly } = this.configuration;
    return this.leases !== undefined && Annal.Roles.includes('jobs') && !ReadOnly && !this.stop.signal.aborted;
  }

  private async take(): Promise<void> {
    if (this.taking) {
      this.again = true;
      return this.taking;
    }
    this.taking = this.takeAll().finally(() => (this.taking = undefined));
    return this.taking;
  }

  private async takeAll(): Promise<void> {
    const { leases, runner, history } = this;
    if (!leases || !runner || !history) return;
    do {
      this.again = false;
      while (!this.stop.signal.aborted && this.running.size < this.concurrent) {
        const job = await leases.take(this.types.names, this.concurrent);
        if (job === undefined) break;
        const isForgotten = this.first !== undefined && job < this.first;
        this.start(job, isForgotten ? history.forget(job) : runner.run(job, this.stop.signal), leases);
      }
    } while (this.again);
  }

  private start(job: string, doing: Promise<void>, leases: JobLeases): void {
    const run = doing
      .catch(async (error: unknown) => {
        this.logger.warn({ err: error }, 'A job was left and will be taken again');
        // under its lease, so that no other process takes it at once either
        await delay(REST_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
      })
      .then(() => leases.release(job))
      .catch((error: unknown) => this.logger.warn({ err: error }, 'The lease of a job lapses by itself'))
      .finally(() => {
        this.running.delete(run);
        this.wake();
      });
    this.running.add(run);
  }
}
