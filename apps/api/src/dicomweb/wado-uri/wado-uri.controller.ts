import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientGone } from '../../http/answers/client-gone.js';
import { sendRanged } from '../../http/answers/ranges.js';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { AnswersRanges } from '../../http/open-api/conditional.js';
import { queryPairs } from '../../http/query-string.js';
import type { Query as Parameters } from '../../rest/resources/list-request.js';
import { type WadoContentType } from './wado-content-type.js';
import { WadoUriService } from './wado-uri.service.js';
import { Asks } from '../../http/open-api/asks.js';
import { real, type Schema, text, whole } from '../../http/open-api/schema.js';

const UID = (what: string): Schema => text(`UID of the ${what}`);
const PARAMETERS = {
  requestType: text('Which service is asked for', ['WADO']),
  studyUID: UID('study'),
  seriesUID: UID('series'),
  objectUID: UID('instance'),
  contentType: text('Media types that are accepted'),
  transferSyntax: UID('transfer syntax of a DICOM file'),
  frameNumber: whole('The frame, from 1 on', { minimum: 1 }),
  imageQuality: whole('Quality of JPEG', { minimum: 1, maximum: 100 }),
  windowCenter: real('Center of the window'),
  windowWidth: real('Width of the window'),
  rows: whole('The most rows', { minimum: 1 }),
  columns: whole('The most columns', { minimum: 1 }),
  region: text('The part that is shown: xmin,ymin,xmax,ymax from 0.0 to 1.0'),
};

const TYPES: readonly WadoContentType[] = ['image/jpeg', 'image/png', 'image/gif', 'application/dicom'];

@ApiTags('DICOMweb')
@Controller()
export class WadoUriController {
  constructor(@Inject(WadoUriService) private readonly objects: WadoUriService) {}

  @Get()
  @ApiOperation({ summary: 'WADO-URI: an instance as a picture or as a DICOM file' })
  @Asks(PARAMETERS, ['requestType', 'objectUID'])
  @AnswersBytes(TYPES)
  @AnswersRanges('application/dicom')
  async get(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.objects.answer(query, queryPairs(request.url), clientGone(reply));
    if ('open' in answer) return sendRanged(request, reply, answer);
    reply.type(answer.type);
    if ('stream' in answer) reply.header('Content-Length', answer.size);
    await reply.send('stream' in answer ? answer.stream : answer.content);
  }
}
