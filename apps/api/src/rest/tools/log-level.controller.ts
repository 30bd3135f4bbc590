import { Controller, Get, Inject, Put, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readText } from '../../http/body/read-body.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersNothing, AnswersText } from '../../http/open-api/answers.js';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { RUNTIME_SETTINGS } from '../../tokens.js';

const LEVELS = ['default', 'verbose', 'trace'];
const CATEGORIES = ['dicom', 'generic', 'http', 'jobs', 'lua', 'plugins', 'sqlite'];
const PREFIX = 'log-level';
const PATHS = [PREFIX, ...CATEGORIES.map((category) => `${PREFIX}-${category}`)];

/** How much goes into the log: of everything (``), or of one of Orthanc's categories. */
@ApiTags('Logs')
@Controller('tools')
export class LogLevelController {
  constructor(@Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings) {}

  @Get(PATHS)
  @ApiOperation({ summary: 'How much goes into the log' })
  @AnswersText('The level', LEVELS)
  read(@Req() request: FastifyRequest): string {
    return this.settings.get('logLevels')[categoryOf(request)] ?? 'default';
  }

  @Put(PATHS)
  @ApiOperation({ summary: 'Change it until the server stops' })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string', enum: LEVELS } })
  @AnswersNothing()
  async change(@Req() request: FastifyRequest): Promise<string> {
    const level = await readText(request);
    if (!LEVELS.includes(level)) {
      throw new OrthancError('ParameterOutOfRange', `Verbosity can be "default", "verbose" or "trace": ${level}`);
    }
    const category = categoryOf(request);
    const changed = category === '' ? ['', ...CATEGORIES] : [category];
    const levels = { ...this.settings.get('logLevels'), ...Object.fromEntries(changed.map((name) => [name, level])) };
    await this.settings.set('logLevels', levels);
    return '';
  }
}

function categoryOf(request: FastifyRequest): string {
  return (request.routeOptions.url ?? '').slice(`/tools/${PREFIX}-`.length);
}
