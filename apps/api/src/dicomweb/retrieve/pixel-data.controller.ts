import { COMPRESSED_FRAMES, OCTETS } from '@annal/dicomweb';
import type { UidPath } from '@annal/projections';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { partsOf, Serves } from '../common/serves.js';
import { PixelDataAnswers } from './pixel-data-answers.service.js';
import { sendBody } from '../../http/answers/send-body.js';

const TYPES = [OCTETS, ...COMPRESSED_FRAMES].map(partsOf);

@ApiTags('DICOMweb')
@Controller('studies/:study')
export class PixelDataController {
  constructor(@Inject(PixelDataAnswers) private readonly answers: PixelDataAnswers) {}

  @Get(['pixeldata', 'series/:series/pixeldata', 'series/:series/instances/:instance/pixeldata'])
  @Serves({ summary: 'WADO-RS: all frames of a study, a series or an instance', types: TYPES, query: ['accept'] })
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendBody(reply, await this.answers.send(request.params as UidPath, request, reply));
  }
}
