import type { UidPath } from '@annal/projections';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PixelDataAnswers } from './pixel-data-answers.service.js';
import { sendBody } from '../../http/answers/send-body.js';

@ApiTags('DICOMweb')
@Controller('studies/:study')
export class PixelDataController {
  constructor(@Inject(PixelDataAnswers) private readonly answers: PixelDataAnswers) {}

  @Get(['pixeldata', 'series/:series/pixeldata', 'series/:series/instances/:instance/pixeldata'])
  @ApiOperation({ summary: 'WADO-RS: all frames of a study, a series or an instance' })
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendBody(reply, await this.answers.send(request.params as UidPath, request, reply));
  }
}
