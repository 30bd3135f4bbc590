import { RecordExports } from '@annal/domain';
import { type AnnalConfiguration, type Logger, Periodic } from '@annal/platform';
import { readIdsOfUids, type StatementRunner } from '@annal/projections';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actorOf, eventContextOf } from '../http/security/request-identity.js';
import { CONFIGURATION, LOGGER, POOL } from '../tokens.js';
import { type Gathered, GatheredReads } from './gathered-reads.js';
import { readsOf } from './traced-read.js';

/** Batches that wait while nothing can be recorded. */
const MAX_WAITING = 20;

/**
 * Records what clients read, where that is wanted: beside the requests, which never wait for it, and many of them in one event.
 */
@Injectable()
export class ReadTrace implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly reads = new GatheredReads();
  private readonly waiting: (readonly Gathered[])[] = [];
  private readonly isOn: boolean;
  private task: Periodic | undefined;
  private recording: Promise<void> | undefined;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(HttpAdapterHost) { httpAdapter }: HttpAdapterHost,
  ) {
    const { Annal, ReadOnly } = configuration;
    this.isOn = Annal.Exports.Reads.length > 0 && !ReadOnly;
    if (!this.isOn) return;
    const readOf = readsOf(configuration);
    const fastify = httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', async (request, reply) => this.note(readOf, request, reply));
  }

  onApplicationBootstrap(): void {
    if (!this.isOn) return;
    const interval = this.configuration.Annal.Exports.ReadsInterval * 1000;
    this.task = new Periodic('Recording what was read', interval, () => this.record(), this.logger);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.task?.stop();
    if (this.isOn) await this.record().catch((error: unknown) => this.failed(error));
  }

  private note(readOf: ReturnType<typeof readsOf>, request: FastifyRequest, reply: FastifyReply): void {
    const { statusCode } = reply;
    const read = statusCode === 200 || statusCode === 206 ? readOf(request) : undefined;
    if (!read) return;
    // an archive has a trace of its own
    if (read.protocol === 'wado-rs' && reply.getHeader('content-type') === 'application/zip') return;
    const { Name, Annal } = this.configuration;
    const protocol = read.protocol.startsWith('wado') ? 'dicomweb' : 'http';
    const { user = '', remoteAddress = '' } = actorOf(request);
    const outcome = reply.raw.writableFinished ? 'success' : 'aborted';
    this.reads.add(read, `${remoteAddress} ${user}`, outcome, () => eventContextOf(request, Name, protocol));
    if (this.reads.size >= Annal.Limits.MaxTracedReads) this.record().catch((error: unknown) => this.failed(error));
  }

  /** Records what was gathered, and what could not be recorded before. */
  private async record(): Promise<void> {
    const gathered = this.reads.take();
    if (gathered.length > 0) this.waiting.push(gathered);
    if (this.waiting.length > MAX_WAITING) {
      this.waiting.shift();
      this.logger.error('Reads were given up that could not be recorded');
    }
    this.recording ??= this.recordWaiting().finally(() => (this.recording = undefined));
    await this.recording;
  }

  private async recordWaiting(): Promise<void> {
    for (let batch = this.waiting[0]; batch; batch = this.waiting[0]) {
      await this.commands.execute(new RecordExports(await this.exportsOf(batch)));
      if (this.waiting[0] === batch) this.waiting.shift();
    }
  }

  private async exportsOf(batch: readonly Gathered[]): Promise<RecordExports['exports']> {
    const found = await readIdsOfUids(this.pool, [...new Set(batch.flatMap(({ uids }) => [...uids.keys()]))]);
    const idsOf = Map.groupBy(found, ({ uid }) => uid);
    return batch.map(({ id, protocol, outcome, context, instances, uids, ids }) => {
      const byUid = [...uids].flatMap(([uid, count]) => idsOf.get(uid)?.map((one) => [one.id, count] as const) ?? []);
      const read = [...ids, ...byUid];
      const asked = new Map(read.filter((one): one is [string, number] => one[1] !== undefined));
      const resources = read.map(([resource]) => resource);
      const report = { id, protocol, destination: { kind: 'client' }, resources, asked, outcome } as const;
      return { report: { ...report, ...(instances !== undefined && { instances }) }, context };
    });
  }

  private failed(error: unknown): void {
    this.logger.warn({ err: error }, 'What was read could not be recorded');
  }
}
