import { setTimeout as delay } from 'node:timers/promises';
import {
  AppendRefused,
  AppendUnknown,
  BlobStoreUnavailable,
  EventTooLarge,
  type Job,
  type JobLookup,
  NotYetVisible,
} from '@annal/domain';
import { crashPoint, isConnectionLost, type JobLeases, type Logger } from '@annal/platform';
import { ERROR_CODES } from '../http/errors/error-codes.js';
import { OrthancError } from '../http/errors/http-errors.js';
import type { JobType } from './job-type.js';
import type { JobTypes } from './job-types.js';
import type { RunRecorder } from './run-recorder.js';

/** How often a run looks whether it is still wanted, ms. */
const LOOK_MS = 400;
/** So long a job rests that failed for want of a database or a disk, or could not be run, ms. */
export const REST_MS = 1000;

/** Runs one job that this process has a lease on, step by step, for as long as it is wanted. */
export class JobRunner {
  constructor(
    private readonly types: JobTypes,
    private readonly lookup: JobLookup,
    private readonly leases: JobLeases,
    private readonly recorder: RunRecorder,
    private readonly logger: Logger,
  ) {}

  /** @param stop aborted when the process ends: the job is then left to others */
  async run(id: string, stop: AbortSignal): Promise<void> {
    const found = await this.lookup.find(id);
    const type = found && this.types.get(found.type);
    if (!found || !type || (found.state !== 'Pending' && found.state !== 'Running')) return;
    const epoch = found.epoch + 1;
    if (!(await this.recorder.started(found, epoch))) return;
    for (;;) {
      const job = await this.lookup.find(id);
      if (stop.aborted || !job || job.state !== 'Running' || job.epoch !== epoch) return;
      if (!(await this.step(type, job, stop))) return;
    }
  }

  /** Does one step; false: there is nothing more to do, or not here, or not now. */
  private async step(type: JobType, job: Job, stop: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const signal = AbortSignal.any([stop, over.signal]);
    const watching = this.watch(job, over);
    try {
      await crashPoint('job:before-step');
      const done = await type.step(job, { signal });
      await crashPoint('job:after-step');
      return (await this.recorder.stepped(job, done)) && !done.outputs;
    } catch (error) {
      if (signal.aborted) return false;
      if (isPassing(error)) {
        this.logger.warn({ err: error }, 'A step of a job will be tried again');
        await delay(REST_MS, undefined, { signal: stop }).catch(() => undefined);
        return false;
      }
      await this.fail(job, error);
      return false;
    } finally {
      over.abort();
      await watching;
    }
  }

  private async fail(job: Job, error: unknown): Promise<void> {
    if (error instanceof OrthancError) {
      await this.recorder.failed(job, error.code, error.details ?? '').catch(async (refusal: unknown) => {
        if (!(refusal instanceof AppendRefused || refusal instanceof EventTooLarge)) throw refusal;
        // details may be words of another server: that these cannot be kept must not have the job run again and again
        this.logger.warn({ err: refusal }, 'A job failed with details that could not be recorded');
        await this.recorder.failed(job, error.code, '');
      });
      return;
    }
    this.logger.error({ err: error }, `A job of type ${job.type} failed`);
    await this.recorder.failed(job, ERROR_CODES.InternalError[0], '');
  }

  /** Keeps the lease until the step is over, and ends the step once the job is not wanted, or in other hands. */
  private async watch({ id, epoch }: Job, over: AbortController): Promise<void> {
    while (!over.signal.aborted) {
      await delay(LOOK_MS, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      try {
        const held = await this.leases.renew([id]);
        const job = await this.lookup.find(id);
        const wanted = job && job.epoch === epoch && job.completedAt === null;
        if (!held.has(id) || !wanted) over.abort();
      } catch (error) {
        // a lease that lapses meanwhile costs work, not truth
        this.logger.warn({ err: error }, 'The lease of a job could not be renewed');
      }
    }
  }
}

/** Whether the same may work later. */
function isPassing(error: unknown): boolean {
  if (error instanceof EventTooLarge) return false;
  if (error instanceof AppendRefused || error instanceof AppendUnknown || error instanceof NotYetVisible) return true;
  return error instanceof BlobStoreUnavailable || isConnectionLost(error);
}
