import { COMPRESSED_FRAMES, OCTETS } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiBadRequestResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OrthancError } from '../../http/errors/http-errors.js';
import { CONFIGURATION } from '../../tokens.js';
import { partsOf, Serves } from '../common/serves.js';
import { FrameAnswers } from './frame-answers.service.js';
import { frameNumbers } from '../common/frame-numbers.js';
import { sendBody } from '../../http/answers/send-body.js';

const SINGLE = [OCTETS, ...COMPRESSED_FRAMES];
const TYPES = [...SINGLE.map(partsOf), ...SINGLE];

@ApiTags('DICOMweb')
@Controller('studies/:study/series/:series/instances/:instance/frames')
export class WebFramesController {
  private readonly most: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(FrameAnswers) private readonly answers: FrameAnswers,
  ) {
    this.most = Annal.Limits.MaxFrameList;
  }

  @Get()
  @ApiOperation({ summary: 'Refused: frames are asked for by their numbers' })
  @ApiBadRequestResponse()
  none(): never {
    throw new OrthancError('ParameterOutOfRange');
  }

  @Get(':frames')
  @Serves({ summary: 'WADO-RS: frames of an instance, uncompressed or compressed', types: TYPES, query: ['accept'] })
  async frames(
    @Param('study') study: string,
    @Param('series') series: string,
    @Param('instance') instance: string,
    @Param('frames') frames: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendBody(
      reply,
      await this.answers.send({ study, series, instance }, frameNumbers(frames, this.most), request, reply),
    );
  }
}
