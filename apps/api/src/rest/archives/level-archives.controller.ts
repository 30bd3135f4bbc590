import type { Level } from '@annal/domain';
import { Controller, Get, Inject, Injectable, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { clientGone } from '../../http/answers/client-gone.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { SUBMITTED_JOB } from '../../jobs/job-description.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { ArchiveAnswers } from './archive-answers.js';
import { type ArchiveOptions, optionsOfBody, optionsOfQuery } from './archive-request.js';
import { type ArchiveKind, ArchivesService } from './archives.service.js';
import { Asks } from '../../http/open-api/asks.js';
import { TakesJson } from '../../http/open-api/takes.js';
import { ARCHIVE_OPTIONS, ARCHIVE_QUERY, MEDIA_QUERY } from './archive-description.js';

/** What the controllers of archives of one resource ask. */
@Injectable()
export class ArchiveServices {
  constructor(
    @Inject(ArchivesService) readonly archives: ArchivesService,
    @Inject(ArchiveAnswers) readonly answers: ArchiveAnswers,
  ) {}
}

/** Archives of one patient, study or series. */
abstract class LevelArchivesController {
  constructor(
    private readonly level: Exclude<Level, 'Instance'>,
    private readonly services: ArchiveServices,
  ) {}

  @Get(':id/archive')
  @ApiOperation({ summary: 'A ZIP archive with the DICOM files' })
  @Asks(ARCHIVE_QUERY)
  @AnswersBytes(['application/zip'])
  archive(
    @Param('id') id: string,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.send(id, 'archive', optionsOfQuery(query, this.services.answers.defaults(id)), request, reply);
  }

  @Post(':id/archive')
  @ApiOperation({ summary: 'A ZIP archive with the DICOM files' })
  @TakesJson(ARCHIVE_OPTIONS)
  @AnswersBytes(['application/zip', 'application/json'], SUBMITTED_JOB)
  postedArchive(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | object> {
    return this.posted(id, 'archive', request, reply);
  }

  @Get(':id/media')
  @ApiOperation({ summary: 'A ZIP archive with the DICOM files and a DICOMDIR' })
  @Asks(MEDIA_QUERY)
  @AnswersBytes(['application/zip'])
  media(
    @Param('id') id: string,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    // whatever value it has
    const defaults = this.services.answers.defaults(id, query.extended !== undefined);
    return this.send(id, 'media', optionsOfQuery(query, defaults), request, reply);
  }

  @Post(':id/media')
  @ApiOperation({ summary: 'A ZIP archive with the DICOM files and a DICOMDIR' })
  @TakesJson(ARCHIVE_OPTIONS)
  @AnswersBytes(['application/zip', 'application/json'], SUBMITTED_JOB)
  postedMedia(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | object> {
    return this.posted(id, 'media', request, reply);
  }

  private async posted(
    id: string,
    kind: ArchiveKind,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable | object> {
    const { answers, archives } = this.services;
    const body = await answers.body(request);
    if (body === undefined) throw new OrthancError('BadFileFormat');
    const { options: asked, job } = optionsOfBody(body, answers.defaults(id));
    // as Orthanc, to POST alone
    const options = { ...asked, seriesAlone: this.level === 'Series' };
    if (!job) return this.send(id, kind, options, request, reply);
    return answers.inBackground(await archives.order(this.level, [id], options), kind, job, request);
  }

  private async send(
    id: string,
    kind: ArchiveKind,
    options: ArchiveOptions,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable> {
    const { archives, answers } = this.services;
    const answer = await archives.ofResource(this.level, id, kind, options, clientGone(reply));
    return answers.send(answer, { kind, filename: options.filename, resources: [id] }, request, reply);
  }
}

@ApiTags('Patients')
@Controller('patients')
export class PatientArchivesController extends LevelArchivesController {
  constructor(@Inject(ArchiveServices) services: ArchiveServices) {
    super('Patient', services);
  }
}

@ApiTags('Studies')
@Controller('studies')
export class StudyArchivesController extends LevelArchivesController {
  constructor(@Inject(ArchiveServices) services: ArchiveServices) {
    super('Study', services);
  }
}

@ApiTags('Series')
@Controller('series')
export class SeriesArchivesController extends LevelArchivesController {
  constructor(@Inject(ArchiveServices) services: ArchiveServices) {
    super('Series', services);
  }
}
