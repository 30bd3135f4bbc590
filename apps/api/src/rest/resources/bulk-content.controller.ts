import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { booleanField, textField, textsField } from '../../http/body/json-fields.js';
import { readJsonObject } from '../../http/body/read-json.js';
import type { JsonText } from '../../http/json/render-json.js';
import { AnswersJson } from '../../http/open-api/answers.js';
import { CONFIGURATION } from '../../tokens.js';
import { levelNamed } from '../find/find-request.js';
import { BulkContentService } from './bulk-content.service.js';
import { EXPANDED } from './resource-contents.js';
import { resourceOf } from './resource-description.js';
import { formatIn } from './tag-format.js';
import { LEVELS } from '@annal/domain';
import { anyOf, flag, listOf, object, text, texts } from '../../http/open-api/schema.js';
import { TakesJson } from '../../http/open-api/takes.js';

const BODY = object(
  {
    Resources: texts('Orthanc identifiers of any levels'),
    Level: text('The level of what is answered; else the resources themselves', LEVELS),
    Metadata: flag('Whether the answer has the metadata; it has, without it'),
    Short: flag('Tags by number'),
    Full: flag('Tags by number, with name, type and value'),
    Simplify: flag('Tags by name, as without it'),
  },
  ['Resources'],
);

@ApiTags('System')
@Controller('tools')
export class BulkContentController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(BulkContentService) private readonly bulk: BulkContentService,
  ) {}

  @Post('bulk-content')
  @ApiOperation({ summary: 'Resources by their identifiers; with Level, those of it above or below them' })
  @TakesJson(BODY)
  @AnswersJson(listOf(anyOf(...LEVELS.map(resourceOf))))
  async content(@Req() request: FastifyRequest): Promise<JsonText> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    const body = await readJsonObject(request, { size, depth });
    const ids = textsField(body, 'Resources');
    const metadata = booleanField(body, 'Metadata', true);
    const word = textField(body, 'Level');
    const presentation = { contents: { ...EXPANDED, metadata }, format: formatIn(body), requested: [] };
    if (word === undefined) return this.bulk.named(ids, presentation);
    return this.bulk.atLevel(levelNamed(word), ids, presentation);
  }
}
