import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { booleanField, textField, textsField } from '../../http/body/json-fields.js';
import { readJsonObject } from '../../http/body/read-json.js';
import type { JsonText } from '../../http/json/render-json.js';
import { CONFIGURATION } from '../../tokens.js';
import { levelNamed } from '../find/find-request.js';
import { BulkContentService } from './bulk-content.service.js';
import { EXPANDED } from './resource-contents.js';
import { formatIn } from './tag-format.js';

@ApiTags('System')
@Controller('tools')
export class BulkContentController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(BulkContentService) private readonly bulk: BulkContentService,
  ) {}

  @Post('bulk-content')
  @ApiOperation({ summary: 'Resources by their identifiers; with Level, those of it above or below them' })
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
