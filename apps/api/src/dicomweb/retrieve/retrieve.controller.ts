import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { partsOf, Serves } from '../common/serves.js';
import { DicomAnswers } from './dicom-answers.service.js';
import { sendBody } from '../../http/answers/send-body.js';

const TYPES = [partsOf('application/dicom'), 'application/dicom', 'application/zip'];

@ApiTags('DICOMweb')
@Controller('studies/:study')
export class RetrieveController {
  constructor(@Inject(DicomAnswers) private readonly answers: DicomAnswers) {}

  @Get()
  @Serves({ summary: 'WADO-RS: the DICOM files of a study', types: TYPES, query: ['accept'] })
  async study(
    @Param('study') study: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendBody(reply, await this.answers.send({ study }, request, reply));
  }

  @Get('series/:series')
  @Serves({ summary: 'WADO-RS: the DICOM files of a series', types: TYPES, query: ['accept'] })
  async series(
    @Param('study') study: string,
    @Param('series') series: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendBody(reply, await this.answers.send({ study, series }, request, reply));
  }

  @Get('series/:series/instances/:instance')
  @Serves({ summary: 'WADO-RS: the DICOM file of an instance', types: TYPES, query: ['accept'] })
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
