import { ENCODINGS } from '@annal/platform';
import { Controller, Get, Inject, Put, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readText } from '../../http/body/read-body.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersText } from '../../http/open-api/answers.js';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { RUNTIME_SETTINGS } from '../../tokens.js';

@ApiTags('System')
@Controller('tools/default-encoding')
export class DefaultEncodingController {
  constructor(@Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings) {}

  @Get()
  @ApiOperation({ summary: 'The character set assumed where a DICOM file names none' })
  @AnswersText('Its name', ENCODINGS)
  read(): string {
    return this.settings.get('defaultEncoding');
  }

  @Put()
  @ApiOperation({ summary: 'Change it until the server stops' })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string', enum: [...ENCODINGS] } })
  @AnswersText('Its name', ENCODINGS)
  async change(@Req() request: FastifyRequest): Promise<string> {
    const wanted = (await readText(request)).toLowerCase();
    const encoding = ENCODINGS.find((name) => name.toLowerCase() === wanted);
    if (encoding === undefined) throw new OrthancError('ParameterOutOfRange');
    await this.settings.set('defaultEncoding', encoding);
    return encoding;
  }
}
