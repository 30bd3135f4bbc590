import { JOB_STATES } from '@annal/domain';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { JsonText } from '../../http/json/render-json.js';
import { AnswersBytes, AnswersJson, AnswersNothing } from '../../http/open-api/answers.js';
import { NAMES, EMPTY_OBJECT } from '../../http/open-api/shared-schemas.js';
import { Writes } from '../../http/writes.js';
import { JOB } from '../../jobs/job-description.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { JobsService } from './jobs.service.js';
import { Asks } from '../../http/open-api/asks.js';
import { anyOf, flag, listOf, text, whole } from '../../http/open-api/schema.js';

const QUERY = {
  expand: flag('Whether what is known of the jobs is shown, not only their identifiers'),
  state: text(`States, separated by commas: ${JOB_STATES.join(', ')}`),
  type: text('Types of jobs, separated by commas'),
  since: text('Jobs after this one, by its identifier'),
  limit: whole('The most jobs', { minimum: 1 }),
};

/** Long work in the background: what is there, and what may be done to it. */
@ApiTags('Jobs')
@Controller('jobs')
export class JobsController {
  constructor(@Inject(JobsService) private readonly jobs: JobsService) {}

  @Get()
  @ApiOperation({ summary: 'Identifiers of all jobs; with `expand` what is known of them' })
  @Asks(QUERY)
  @AnswersJson(anyOf(NAMES, listOf(JOB)))
  list(@Query() query: Parameters): Promise<readonly unknown[] | JsonText> {
    return this.jobs.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'What is known of a job' })
  @AnswersJson(JOB)
  one(@Param('id') id: string): Promise<unknown> {
    return this.jobs.one(id);
  }

  @Delete(':id')
  @Writes()
  @ApiOperation({ summary: 'Forget a job that has ended, with what it made' })
  @AnswersNothing()
  remove(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.jobs.remove(id, request);
  }

  @Post(':id/pause')
  @Writes()
  @HttpCode(200)
  @ApiOperation({ summary: 'Pause a job; a step under way is finished' })
  @AnswersJson(EMPTY_OBJECT)
  pause(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.jobs.control(id, 'pause', request);
  }

  @Post(':id/resume')
  @Writes()
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a paused job go on' })
  @AnswersJson(EMPTY_OBJECT)
  resume(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.jobs.control(id, 'resume', request);
  }

  @Post(':id/cancel')
  @Writes()
  @HttpCode(200)
  @ApiOperation({ summary: 'End a job, which then has failed' })
  @AnswersJson(EMPTY_OBJECT)
  cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.jobs.control(id, 'cancel', request);
  }

  @Post(':id/resubmit')
  @Writes()
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a job that failed begin anew' })
  @AnswersJson(EMPTY_OBJECT)
  resubmit(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.jobs.control(id, 'resubmit', request);
  }

  @Get(':id/:key')
  @ApiOperation({ summary: 'Something that a job made, such as its `archive`' })
  @AnswersBytes(['application/zip'])
  output(
    @Param('id') id: string,
    @Param('key') key: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.jobs.output(id, key, request, reply);
  }

  @Delete(':id/:key')
  @Writes()
  @ApiOperation({ summary: 'Delete something that a job made' })
  @AnswersNothing()
  removeOutput(@Param('id') id: string, @Param('key') key: string, @Req() request: FastifyRequest): Promise<string> {
    return this.jobs.removeOutput(id, key, request);
  }
}
