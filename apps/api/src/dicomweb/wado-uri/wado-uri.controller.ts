import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendRanged } from '../../http/answers/ranges.js';
import { queryPairs } from '../../http/query-string.js';
import type { Query as Parameters } from '../../rest/resources/list-request.js';
import { WadoUriService } from './wado-uri.service.js';

@ApiTags('DICOMweb')
@Controller()
export class WadoUriController {
  constructor(@Inject(WadoUriService) private readonly objects: WadoUriService) {}

  @Get()
  @ApiOperation({ summary: 'WADO-URI: an instance as a picture or as a DICOM file' })
  async get(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.objects.answer(query, queryPairs(request.url));
    if ('open' in answer) return sendRanged(request, reply, answer);
    reply.type(answer.type);
    if ('stream' in answer) reply.header('Content-Length', answer.size);
    await reply.send('stream' in answer ? answer.stream : answer.content);
  }
}
