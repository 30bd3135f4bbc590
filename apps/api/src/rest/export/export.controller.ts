import { Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readText } from '../../http/body/read-body.js';
import { AnswersJson } from '../../http/open-api/answers.js';
import { EMPTY_OBJECT } from '../../http/open-api/shared-schemas.js';
import { ExportService } from './export.service.js';

@ApiTags('Instances')
@Controller('instances')
export class ExportController {
  constructor(@Inject(ExportService) private readonly exports: ExportService) {}

  @Post(':id/export')
  @ApiOperation({
    summary: "Write the DICOM file to the server's disk, where RestApiWriteToFileSystemEnabled allows it",
  })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string' } })
  @AnswersJson(EMPTY_OBJECT)
  async write(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    await this.exports.write(id, await readText(request));
    return {};
  }
}
