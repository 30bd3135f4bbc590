import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded, type Job, type JobObject, SubmitJob } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { readJob, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { clientClosedRequest } from '../http/answers/client-gone.js';
import { errorOf } from '../http/errors/error-of-code.js';
import { OrthancError } from '../http/errors/http-errors.js';
import { eventContextOf } from '../http/security/request-identity.js';
import { CONFIGURATION, POOL } from '../tokens.js';
import { JobEngine } from './job-engine.js';
import type { JobRequestFields } from './job-request.js';
import { JobTypes } from './job-types.js';

/** What a request wants done. */
export interface JobOrderRequest {
  /** A new UUIDv7, where it must be known before the job is there, as by the export that it carries out. */
  readonly id?: string;
  readonly type: string;
  /** What the type needs to know. */
  readonly parameters: JobObject;
  /** What is shown of the job from the beginning. */
  readonly content: JobObject;
}

/** How often a request that waits for its job looks at it, ms: after this share of the time waited so far, within bounds. */
const SHARE = 1 / 20;
const MOST_OFTEN = 10;
const MOST_SELDOM = 100;

/** Answers requests that are carried out by jobs. */
@Injectable()
export class JobAnswers {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(JobEngine) private readonly engine: JobEngine,
    @Inject(JobTypes) private readonly types: JobTypes,
  ) {}

  /**
   * Submits a job: answers at once with its path or, where that is wanted, with its content when it is done. A client that hangs
   * up meanwhile is not waited for; its job goes on.
   * @throws OrthancError 500 in read-only mode; 503 with too many jobs; with the code and details of a job that failed
   */
  async submit(order: JobOrderRequest, fields: JobRequestFields, request: FastifyRequest): Promise<object> {
    const { ReadOnly, Name, Annal } = this.configuration;
    if (ReadOnly) throw new OrthancError('ReadOnly', 'There are no jobs in read-only mode');
    const { synchronous, ...rest } = fields;
    const command = new SubmitJob({ ...order, ...rest }, Annal.Limits.MaxQueuedJobs, eventContextOf(request, Name));
    const submitted = await this.commands.execute(command);
    if (submitted.kind === 'too-many') {
      throw new OrthancError('BadRequest', 'Too many jobs are waiting: try again later', 503, { 'Retry-After': '60' });
    }
    this.engine.wake();
    const { id } = submitted;
    if (!synchronous) return { ID: id, Path: `/jobs/${id}` };
    const job = await this.ended(id, request);
    if (job.state === 'Failure') throw errorOf(job.errorCode, job.errorDetails);
    return this.types.shownOf(job);
  }

  private async ended(id: string, { raw }: FastifyRequest): Promise<Job> {
    const began = performance.now();
    for (;;) {
      if (raw.socket.destroyed) throw clientClosedRequest();
      const job = await readJob(this.pool, id);
      // forgotten at once, as with a JobsHistorySize of 0
      if (!job) throw new OrthancError('InexistentItem', 'The job is not there any more');
      if (hasEnded(job)) return job;
      const share = (performance.now() - began) * SHARE;
      await delay(Math.min(Math.max(share, MOST_OFTEN), MOST_SELDOM));
    }
  }
}
