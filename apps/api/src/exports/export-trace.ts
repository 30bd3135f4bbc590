import type { Readable } from 'node:stream';
import {
  AppendUnknown,
  type ArrivedResource,
  type EventContext,
  type ExportProtocol,
  type ExportReport,
  type ExportResult,
  NotYetVisible,
  RecordExport,
} from '@annal/domain';
import type { AnnalConfiguration, Logger } from '@annal/platform';
import { readInstanceCounts, readJob, readKnownExport, type StatementRunner } from '@annal/projections';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { isHead } from '../http/head-requests.js';
import { eventContextOf } from '../http/security/request-identity.js';
import { jobContext } from '../jobs/job-context.js';
import { CONFIGURATION, LOGGER, POOL } from '../tokens.js';
import type { Arrivals } from './arrivals.js';

/** What a client downloads. */
export interface Download {
  readonly protocol: Extract<ExportProtocol, 'archive' | 'media'>;
  /** Orthanc identifiers, as they were asked for. */
  readonly resources: readonly string[];
  /** How many there are in it. */
  readonly instances: number;
  /** The number of the last change that counts, where it was made earlier. */
  readonly asOf?: number;
}

/** How many instances are to be sent, as of when. */
export type AskedInstances = Pick<Download, 'instances' | 'asOf'>;

/** Leaves a trace of what clients download and of what jobs send, of these when they are asked for and when they are done. In read-only mode nothing is written. */
@Injectable()
export class ExportTrace implements BeforeApplicationShutdown {
  private readonly ending = new Set<Promise<void>>();

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Writes down that a client downloads a stream, before it gets any of it, and what came of that, once the connection is
   * done with. Resolves with the stream. What is not traced is not sent.
   * @throws AppendRefused, AppendUnknown, having destroyed the stream
   */
  async downloading(
    stream: Readable,
    { protocol, resources, instances, asOf }: Download,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable> {
    if (this.configuration.ReadOnly || isHead(request.raw)) return stream;
    const sent = { id: uuidv7(), protocol, destination: { kind: 'client' }, resources } as const;
    let failed = false;
    stream.once('error', () => (failed = true));
    try {
      const asked = await this.askedOf(resources, { instances, asOf });
      await this.record({ ...sent, asked, outcome: 'pending' }, this.contextOf(request));
    } catch (error) {
      stream.destroy();
      throw error;
    }
    const end = (): void => {
      const result: ExportResult = reply.raw.writableFinished
        ? { outcome: 'success', instances, failed: 0 }
        : { outcome: failed ? 'failure' : 'aborted' };
      this.end({ ...sent, resources: [], ...result }, this.contextOf(request));
    };
    if (reply.raw.destroyed) end();
    else reply.raw.once('close', end);
    return stream;
  }

  /**
   * Writes down that a job is to send something, and has it submitted under the export's identifier; where that fails, so
   * did the export.
   * @param protocol that the client speaks
   * @throws AppendRefused, AppendUnknown; what `submit` throws
   */
  async byJob<T>(
    sent: Omit<ExportReport, 'id' | 'outcome' | 'instances'>,
    wanted: AskedInstances,
    request: FastifyRequest,
    submit: (id: string) => Promise<T>,
    protocol: Parameters<typeof eventContextOf>[2] = 'http',
  ): Promise<T> {
    const id = uuidv7();
    // it says so by itself
    if (this.configuration.ReadOnly) return submit(id);
    const asked = await this.askedOf(sent.resources, wanted);
    const fail = (): void => {
      const failed = { ...sent, id, resources: [], listed: false, outcome: 'failure', instances: 0 } as const;
      this.end(failed, this.contextOf(request, protocol));
    };
    try {
      await this.record({ ...sent, id, asked, outcome: 'pending' }, this.contextOf(request, protocol));
    } catch (error) {
      // of a list that is longer than what is appended together
      if (await readKnownExport(this.pool, id).catch(() => undefined)) fail();
      throw error;
    }
    try {
      return await submit(id);
    } catch (error) {
      if (!(await this.isReportedLater(id, error))) fail();
      throw error;
    }
  }

  /**
   * Writes down what came of what a job sent, in its last step. That it is in the log is enough: a step that failed for want of
   * more would send all of it again. A job that fails is written down by those who run it.
   * @throws AppendRefused, AppendUnknown
   */
  jobEnded(
    job: string,
    { protocol, destination }: Pick<ExportReport, 'protocol' | 'destination'>,
    result: ExportResult & Pick<ExportReport, 'arrived'>,
  ): Promise<void> {
    const context = jobContext(this.configuration.Name, job);
    return this.record({ id: job, protocol, destination, resources: [], ...result }, context);
  }

  /**
   * Does a step of a job that sends, and writes down what has arrived, unless it was the last one: so it is known whatever
   * becomes of the job. That it cannot be written is no reason to send all of it again.
   * @param step counts what arrives, also where it fails; outputs mean that it was the last one
   * @throws what `step` throws
   */
  async jobStep<Step extends { readonly progress: number; readonly outputs?: unknown }>(
    job: string,
    sent: Pick<ExportReport, 'protocol' | 'destination'>,
    arrivals: Arrivals,
    step: () => Promise<Step>,
  ): Promise<Step> {
    const arrived = async (resources: readonly ArrivedResource[]): Promise<void> => {
      const { instances } = arrivals;
      if (instances === 0) return;
      await this.jobEnded(job, sent, { outcome: 'pending', instances, arrived: resources }).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'What has arrived of an export could not be recorded'),
      );
    };
    try {
      const done = await step();
      if (!done.outputs) await arrived(arrivals.fresh());
      return done;
    } catch (error) {
      // of earlier steps too, which may not have got it into the log
      await arrived(arrivals.all());
      throw error;
    }
  }

  /** Waits until the ends of what was under way are written down. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.ending);
  }

  /** Whether it is told in another place what becomes of what a job was to send, whose submission failed. */
  private async isReportedLater(id: string, error: unknown): Promise<boolean> {
    // it is in the log, or may be: then it will be done
    if (error instanceof NotYetVisible || error instanceof AppendUnknown) return true;
    // of a job that is there, its end is reported; of one that was forgotten, it was
    if (await readJob(this.pool, id)) return true;
    const known = await readKnownExport(this.pool, id);
    return known !== undefined && known.outcome !== 'pending';
  }

  private async askedOf(
    resources: readonly string[],
    { instances, asOf }: AskedInstances,
  ): Promise<ReadonlyMap<string, number>> {
    const ids = [...new Set(resources)];
    if (ids.length === 1) return new Map([[ids[0]!, instances]]);
    return readInstanceCounts(this.pool, ids, asOf);
  }

  private contextOf(request: FastifyRequest, protocol?: Parameters<typeof eventContextOf>[2]): EventContext {
    return eventContextOf(request, this.configuration.Name, protocol);
  }

  private async record(report: ExportReport, context: EventContext): Promise<void> {
    try {
      await this.commands.execute(new RecordExport(report, context));
    } catch (error) {
      // it is in the log
      if (!(error instanceof NotYetVisible)) throw error;
    }
  }

  private end(report: ExportReport, context: EventContext): void {
    const ended = this.record(report, context)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'What became of an export could not be recorded'))
      .finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }
}
