import type { Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { isJsonObject, type Json, type JsonObject } from '../../http/body/parse-json.js';
import { readBody, readText } from '../../http/body/read-body.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersNothing } from '../../http/open-api/answers.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION } from '../../tokens.js';
import { ReconstructService } from './reconstruct.service.js';
import { flag, object } from '../../http/open-api/schema.js';
import { TakesJson } from '../../http/open-api/takes.js';

const SUMMARY = 'Read main tags and metadata once more from the stored files';

const FILES = { ReconstructFiles: flag('Whether files are stored anew, in the way that is configured now') };
const OF_RESOURCE = object({
  ...FILES,
  LimitToThisLevelMainDicomTags: flag('Whether only the main tags of the level of the resource are read'),
});

@ApiTags('Reconstruction')
@Controller()
@Writes()
export class ReconstructController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(ReconstructService) private readonly service: ReconstructService,
  ) {}

  @Post('patients/:id/reconstruct')
  @ApiOperation({ summary: SUMMARY })
  @TakesJson(OF_RESOURCE, false)
  @AnswersNothing()
  patient(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.resource('Patient', id, request);
  }

  @Post('studies/:id/reconstruct')
  @ApiOperation({ summary: SUMMARY })
  @TakesJson(OF_RESOURCE, false)
  @AnswersNothing()
  study(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.resource('Study', id, request);
  }

  @Post('series/:id/reconstruct')
  @ApiOperation({ summary: SUMMARY })
  @TakesJson(OF_RESOURCE, false)
  @AnswersNothing()
  series(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.resource('Series', id, request);
  }

  @Post('instances/:id/reconstruct')
  @ApiOperation({ summary: SUMMARY })
  @TakesJson(OF_RESOURCE, false)
  @AnswersNothing()
  instance(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.resource('Instance', id, request);
  }

  @Post('tools/reconstruct')
  @ApiOperation({ summary: `${SUMMARY}, of all instances` })
  @TakesJson(object(FILES), false)
  @AnswersNothing()
  async everything(@Req() request: FastifyRequest): Promise<string> {
    const files = isSet(await readOptions(request), 'ReconstructFiles');
    await this.service.everything({ files }, eventContextOf(request, this.configuration.Name));
    return '';
  }

  @Post('tools/invalidate-tags')
  @ApiOperation({ summary: 'Forget prepared summaries of tags: there are none that a dictionary could outdate' })
  @AnswersNothing()
  async invalidateTags(@Req() request: FastifyRequest): Promise<string> {
    await readBody(request, MAX_BODY);
    return '';
  }

  private async resource(level: Level, id: string, request: FastifyRequest): Promise<string> {
    const options = await readOptions(request);
    const files = isSet(options, 'ReconstructFiles');
    const only = isSet(options, 'LimitToThisLevelMainDicomTags') ? level : undefined;
    const context = eventContextOf(request, this.configuration.Name);
    await this.service.resource(level, id, { files, ...(only === undefined ? {} : { only }) }, context);
    return '';
  }
}

const MAX_BODY = 64 * 1024;

/** What is no JSON says nothing, as for Orthanc. @throws OrthancError 400 for JSON that is no object */
async function readOptions(request: FastifyRequest): Promise<JsonObject> {
  let options: Json;
  try {
    options = JSON.parse(await readText(request, MAX_BODY)) as Json;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return {};
    throw error;
  }
  if (isJsonObject(options)) return options;
  throw new OrthancError('BadFileFormat', 'The body must be a JSON object');
}

function isSet(options: JsonObject, name: string): boolean {
  const value = options[name] ?? false;
  if (typeof value !== 'boolean') throw new OrthancError('BadFileFormat', `The field ${name} must contain a Boolean`);
  return value;
}
