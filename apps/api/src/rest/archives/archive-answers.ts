import type { JobObject } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { type Json, readJson } from '../../http/body/read-json.js';
import { ExportTrace } from '../../exports/export-trace.js';
import { CONFIGURATION } from '../../tokens.js';
import { JobAnswers } from '../../jobs/job-answers.service.js';
import type { JobRequestFields } from '../../jobs/job-request.js';
import { archiveContent, type ArchiveOrder } from './archive-order.js';
import type { ArchiveDefaults } from './archive-request.js';
import type { ArchiveAnswer, ArchiveKind } from './archives.service.js';

/** What Orthanc calls the jobs that make archives. */
export const ARCHIVE_JOBS = { archive: 'Archive', media: 'Media' } as const satisfies Record<ArchiveKind, string>;

/** What is said of an archive that is sent. */
export interface SentArchive {
  readonly kind: ArchiveKind;
  readonly filename: string;
  /** Orthanc identifiers. */
  readonly resources: readonly string[];
}

/** What the controllers of archives have in common. */
@Injectable()
export class ArchiveAnswers {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(JobAnswers) private readonly jobs: JobAnswers,
    @Inject(ExportTrace) private readonly trace: ExportTrace,
  ) {}

  /** The body as JSON; undefined when it is none. */
  body(request: FastifyRequest): Promise<Json | undefined> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    return readJson(request, { size, depth });
  }

  /** What holds where a request says nothing. @param name of the file, without its extension */
  defaults(name: string, extended = false): ArchiveDefaults {
    return { filename: `${name}.zip`, extended, utf8: this.configuration.ZipUseUtf8 };
  }

  /** Has an archive made by a job; the answer says which. */
  inBackground(
    order: ArchiveOrder,
    kind: ArchiveKind,
    fields: JobRequestFields,
    request: FastifyRequest,
  ): Promise<object> {
    const type = ARCHIVE_JOBS[kind];
    const parameters = order as unknown as JobObject;
    const sent = { protocol: kind, destination: { kind: 'client' }, resources: order.ids } as const;
    return this.trace.byJob(sent, order, request, (id) =>
      this.jobs.submit({ id, type, parameters, content: archiveContent(order, 0) }, fields, request),
    );
  }

  /** The answer to a request for an archive of some resources, which leaves a trace. */
  async send(
    { stream, size, instances }: ArchiveAnswer,
    { kind, filename, resources }: SentArchive,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable> {
    await this.trace.downloading(stream, { protocol: kind, resources, instances }, request, reply);
    reply.type('application/zip').header('Content-Disposition', `filename="${filename}"`);
    if (size !== undefined) reply.header('Content-Length', size);
    // whoever has hung up in the meantime is sent nothing
    if (reply.raw.destroyed) stream.destroy();
    return stream;
  }
}
