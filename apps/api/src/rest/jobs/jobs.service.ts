import { ControlJob, type Job, type JobControl, RemoveJob, RemoveJobOutput } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { type JobsFilter, readJob, readJobIds, readJobs, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { BareStatus, notFound, OrthancError } from '../../http/errors/http-errors.js';
import { type JsonText, sortKeys } from '../../http/json/render-json.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { reportBeforeForgetting } from '../../exports/ended-export.js';
import { ExportTrace } from '../../exports/export-trace.js';
import { jobContext } from '../../jobs/job-context.js';
import { JobEngine } from '../../jobs/job-engine.js';
import { JobTypes } from '../../jobs/job-types.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { isOn, type Query } from '../resources/list-request.js';
import { listText } from '../resources/list-text.js';
import { jobsFilter } from './jobs-query.js';
import { type JobView, viewJob } from './job-view.js';

/** Jobs in memory at a time. */
const PAGE = 100;

/** Jobs as Orthanc's REST API has them, the same on every replica. */
@Injectable()
export class JobsService {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(JobTypes) private readonly types: JobTypes,
    @Inject(JobEngine) private readonly engine: JobEngine,
    @Inject(ExportTrace) private readonly trace: ExportTrace,
  ) {}

  /** In the order of their identifiers; where they are many, as they are read. @throws OrthancError 400 */
  async list(query: Query): Promise<readonly unknown[] | JsonText> {
    const filter = jobsFilter(query, this.configuration.Annal.Limits.MaxQueryResults);
    if (!isOn(query, 'expand')) return readJobIds(this.pool, filter);
    const now = new Date();
    const first = await readJobs(this.pool, { ...filter, limit: Math.min(PAGE, filter.limit) });
    if (first.length < PAGE) return first.map((job) => this.view(job, now));
    return listText(this.pages(first, filter, now));
  }

  /** @throws BareStatus 404 */
  async one(id: string): Promise<unknown> {
    const job = await readJob(this.pool, id);
    if (!job) throw notFound();
    return this.view(job, new Date());
  }

  /** @throws BareStatus 400 where the job is not there, or its state forbids it; OrthancError where its type does */
  async control(id: string, control: JobControl, request: FastifyRequest): Promise<object> {
    if (control === 'resubmit') await this.checkResubmission(id);
    const context = eventContextOf(request, this.configuration.Name);
    const result = await this.commands.execute(new ControlJob(id, control, context));
    if (result !== 'done') throw new BareStatus(400);
    this.engine.wake();
    return {};
  }

  /** @throws OrthancError 404, also of a job that has not ended */
  async remove(id: string, request: FastifyRequest): Promise<string> {
    const context = eventContextOf(request, this.configuration.Name);
    const ofJob = jobContext(this.configuration.Name, context.correlationId, context.now);
    await reportBeforeForgetting(id, this.pool, this.commands, ofJob);
    const result = await this.commands.execute(new RemoveJob(id, context));
    if (result !== 'done') throw new OrthancError('InexistentItem', `No job found with this id: ${id}`);
    return '';
  }

  /** @throws OrthancError 404 */
  async output(id: string, key: string, request: FastifyRequest, reply: FastifyReply): Promise<Readable> {
    const job = await readJob(this.pool, id);
    const output = job && Object.hasOwn(job.outputs, key) ? job.outputs[key] : undefined;
    const type = job && this.types.get(job.type);
    if (!job || !output || !type?.open) throw noOutput(key);
    const { stream, size, mediaType, filename } = await type.open(output);
    if (type.traced) await this.trace.downloading(stream, type.traced(job), request, reply);
    reply.type(mediaType).header('Content-Disposition', `filename="${filename}"`).header('Content-Length', size);
    // whoever has hung up in the meantime is sent nothing
    if (reply.raw.destroyed) stream.destroy();
    return stream;
  }

  /** @throws OrthancError 404 */
  async removeOutput(id: string, key: string, request: FastifyRequest): Promise<string> {
    const context = eventContextOf(request, this.configuration.Name);
    const result = await this.commands.execute(new RemoveJobOutput(id, key, context));
    if (result !== 'done') throw noOutput(key);
    return '';
  }

  private view(job: Job, now: Date): JobView {
    return viewJob(job, this.types.shownOf(job), now);
  }

  private async *pages(
    first: readonly Job[],
    filter: JobsFilter & { readonly limit: number },
    now: Date,
  ): AsyncGenerator<readonly string[], void> {
    let left = filter.limit;
    for (let page = first; page.length > 0;) {
      yield page.map((job) => JSON.stringify(sortKeys(this.view(job, now))));
      left -= page.length;
      page = await readJobs(this.pool, { ...filter, since: page.at(-1)!.id, limit: Math.min(PAGE, left) });
    }
  }

  private async checkResubmission(id: string): Promise<void> {
    const job = await readJob(this.pool, id);
    const reason = job?.state === 'Failure' ? this.types.get(job.type)?.cannotResubmit : undefined;
    if (reason !== undefined) throw new OrthancError('BadSequenceOfCalls', reason);
  }
}

function noOutput(key: string): OrthancError {
  return new OrthancError('InexistentItem', `Job has no such output: ${key}`);
}
