import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';
import { AnswersBytes, AnswersJson } from '../../http/open-api/answers.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';
import { type Content, ContentService, type StreamedValue } from './content.service.js';
import { PdfService } from './pdf.service.js';

@ApiTags('Instances')
@Controller('instances')
export class ContentController {
  constructor(
    @Inject(ContentService) private readonly content: ContentService,
    @Inject(PdfService) private readonly pdfs: PdfService,
  ) {}

  @Get(':id/content')
  @ApiOperation({ summary: 'The tags of the data set' })
  @AnswersJson(NAMES)
  tags(@Param('id') id: string): Promise<unknown> {
    return this.content.at(id, []);
  }

  @Get(':id/content/*')
  @ApiOperation({ summary: 'What stands under a path of tags and item numbers: their names below it, or a raw value' })
  @AnswersBytes(['application/octet-stream', 'application/json'], NAMES)
  async value(
    @Param('id') id: string,
    @Param('*') path: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const content = await this.content.at(id, path.split('/'));
    return isValue(content) ? send(reply, 'application/octet-stream', content) : content;
  }

  @Get(':id/pdf')
  @ApiOperation({ summary: 'The PDF document in an instance' })
  @AnswersBytes(['application/pdf'])
  async pdf(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer | Readable> {
    return send(reply, 'application/pdf', await this.pdfs.of(id));
  }
}

function isValue(content: Content): content is Buffer | StreamedValue {
  return !Array.isArray(content);
}

async function send(reply: FastifyReply, type: string, value: Buffer | StreamedValue): Promise<Buffer | Readable> {
  reply.type(type);
  if (Buffer.isBuffer(value)) return value;
  const stream = await value.open();
  reply.header('Content-Length', value.size);
  return stream;
}
