import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { clientGone } from '../../http/answers/client-gone.js';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { SUBMITTED_JOB } from '../../jobs/job-description.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { ArchiveAnswers } from './archive-answers.js';
import {
  type ArchiveDefaults,
  type ArchiveOptions,
  optionsOfBody,
  optionsOfQuery,
  resourcesOfBody,
  resourcesOfQuery,
} from './archive-request.js';
import { type ArchiveKind, ArchivesService } from './archives.service.js';
import { Asks } from '../../http/open-api/asks.js';
import { TakesJson } from '../../http/open-api/takes.js';
import { ARCHIVE_OF_RESOURCES, RESOURCES_QUERY } from './archive-description.js';

/** Archives of any resources. */
@ApiTags('System')
@Controller('tools')
export class CreateArchiveController {
  constructor(
    @Inject(ArchivesService) private readonly archives: ArchivesService,
    @Inject(ArchiveAnswers) private readonly answers: ArchiveAnswers,
  ) {}

  @Get('create-archive')
  @ApiOperation({ summary: 'A ZIP archive of any patients, studies, series and instances' })
  @Asks(RESOURCES_QUERY, ['resources'])
  @AnswersBytes(['application/zip'])
  archive(
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.asked(query, 'archive', this.defaults(), request, reply);
  }

  @Post('create-archive')
  @ApiOperation({ summary: 'A ZIP archive of any patients, studies, series and instances' })
  @TakesJson(ARCHIVE_OF_RESOURCES)
  @AnswersBytes(['application/zip', 'application/json'], SUBMITTED_JOB)
  postedArchive(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | object> {
    return this.posted(request, 'archive', this.defaults(), reply);
  }

  @Get('create-media')
  @ApiOperation({ summary: 'A ZIP archive with a DICOMDIR of any patients, studies, series and instances' })
  @Asks(RESOURCES_QUERY, ['resources'])
  @AnswersBytes(['application/zip'])
  media(
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.asked(query, 'media', this.defaults(), request, reply);
  }

  @Post('create-media')
  @ApiOperation({ summary: 'A ZIP archive with a DICOMDIR of any patients, studies, series and instances' })
  @TakesJson(ARCHIVE_OF_RESOURCES)
  @AnswersBytes(['application/zip', 'application/json'], SUBMITTED_JOB)
  postedMedia(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | object> {
    return this.posted(request, 'media', this.defaults(), reply);
  }

  @Get('create-media-extended')
  @ApiOperation({ summary: 'As create-media, with optional tags in the DICOMDIR' })
  @Asks(RESOURCES_QUERY, ['resources'])
  @AnswersBytes(['application/zip'])
  extended(
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.asked(query, 'media', this.defaults(true), request, reply);
  }

  @Post('create-media-extended')
  @ApiOperation({ summary: 'As create-media, with optional tags in the DICOMDIR' })
  @TakesJson(ARCHIVE_OF_RESOURCES)
  @AnswersBytes(['application/zip', 'application/json'], SUBMITTED_JOB)
  postedExtended(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | object> {
    return this.posted(request, 'media', this.defaults(true), reply);
  }

  private defaults(extended = false): ArchiveDefaults {
    return this.answers.defaults('Archive', extended);
  }

  private asked(
    query: Parameters,
    kind: ArchiveKind,
    defaults: ArchiveDefaults,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable> {
    return this.send(resourcesOfQuery(query), kind, optionsOfQuery(query, defaults), request, reply);
  }

  private async posted(
    request: FastifyRequest,
    kind: ArchiveKind,
    defaults: ArchiveDefaults,
    reply: FastifyReply,
  ): Promise<Readable | object> {
    const body = await this.answers.body(request);
    const resources = resourcesOfBody(body);
    const { options, job } = optionsOfBody(body!, defaults);
    if (!job) return this.send(resources, kind, options, request, reply);
    return this.answers.inBackground(await this.archives.order(undefined, resources, options), kind, job, request);
  }

  private async send(
    resources: readonly string[],
    kind: ArchiveKind,
    options: ArchiveOptions,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable> {
    const answer = await this.archives.ofResources(resources, kind, options, clientGone(reply));
    return this.answers.send(answer, { kind, filename: options.filename, resources }, request, reply);
  }
}
