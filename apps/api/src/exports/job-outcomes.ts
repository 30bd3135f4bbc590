import { randomUUID } from 'node:crypto';
import { type AnnalConfiguration, type JobLeases, type Logger, Periodic } from '@annal/platform';
import { type OpenExport, readExportsEndedSince, readOpenExports, type StatementRunner } from '@annal/projections';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { jobContext } from '../jobs/job-context.js';
import { CONFIGURATION, JOB_LEASES, LOGGER, POOL } from '../tokens.js';
import { reportEnd } from './ended-export.js';

/** How often exports are looked for that nobody reports on any more, ms. */
const LOOK_MS = 2000;
/** What nobody reported on for so long, and no job carries out, was left by a process that died, ms. */
const LOST_MS = 24 * 3_600_000;
const BATCH = 200;

/** Reports what became of exports whose job has ended without saying so, as one that was cancelled, and of those that were left. */
@Injectable()
export class JobOutcomes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private task: Periodic | undefined;
  /** How far the jobs were looked at that have ended, in the order in which they did. */
  private looked = -1;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(JOB_LEASES) private readonly leases: JobLeases | undefined,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { Annal, ReadOnly } = this.configuration;
    if (!this.leases || ReadOnly || !Annal.Roles.includes('jobs')) return;
    this.task = new Periodic('Looking for exports that have ended', LOOK_MS, () => this.run(), this.logger);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.task?.stop();
  }

  /** Reports what is known now, unless another process does. */
  async run(now = new Date()): Promise<void> {
    await this.reportOpen(now);
    await this.reportAgain(now);
  }

  private async reportOpen(now: Date): Promise<void> {
    const open = await readOpenExports(this.pool, new Date(now.getTime() - LOST_MS), BATCH);
    if (open.length === 0 || !(await this.leases?.leads())) return;
    await this.report(open, now);
  }

  /** Of jobs that were submitted anew after it was reported how they ended. */
  private async reportAgain(now: Date): Promise<void> {
    for (;;) {
      const { exports, jobs, place } = await readExportsEndedSince(this.pool, this.looked, BATCH);
      // those who do not lead come back here, in case they do then
      if (exports.length > 0 && !(await this.leases?.leads())) return;
      await this.report(exports, now);
      this.looked = place;
      if (jobs < BATCH) return;
    }
  }

  private async report(exports: readonly OpenExport[], now: Date): Promise<void> {
    for (const one of exports) {
      await reportEnd(one, this.commands, jobContext(this.configuration.Name, randomUUID(), now));
    }
  }
}
