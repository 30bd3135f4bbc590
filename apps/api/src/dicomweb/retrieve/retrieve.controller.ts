import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DicomAnswers } from './dicom-answers.service.js';
import { sendBody } from '../../http/answers/send-body.js';

@ApiTags('DICOMweb')
@Controller('studies/:study')
export class RetrieveController {
  constructor(@Inject(DicomAnswers) private readonly answers: DicomAnswers) {}

  @Get()
  @ApiOperation({ summary: 'WADO-RS: the DICOM files of a study' })
  async study(
    @Param('study') study: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendBody(reply, await this.answers.send({ study }, request, reply));
  }

  @Get('series/:series')
  @ApiOperation({ summary: 'WADO-RS: the DICOM files of a series' })
  async series(
    @Param('study') study: string,
    @Param('series') series: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendBody(reply, await this.answers.send({ study, series }, request, reply));
  }

  @Get('series/:series/instances/:instance')
  @ApiOperation({ summary: 'WADO-RS: the DICOM file of an instance' })
  async instance(
    @Param('study') study: string,
    @Param('series') series: string,
    @Param('instance') instance: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendBody(reply, await this.answers.send({ study, series, instance }, request, reply));
  }
}
