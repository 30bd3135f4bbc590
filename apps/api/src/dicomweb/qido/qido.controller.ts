import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { partsOf, Serves } from '../common/serves.js';
import { QidoService } from './qido.service.js';

type Answer = Promise<string | Readable>;

/** Beside these, each attribute is a parameter. */
const PARAMETERS = ['accept', 'limit', 'offset', 'includefield', 'fuzzymatching', 'orderby'];
const TYPES = ['application/dicom+json', partsOf('application/dicom+xml')];

const Search = (summary: string): MethodDecorator => Serves({ summary, types: TYPES, query: PARAMETERS });

@ApiTags('DICOMweb')
@Controller()
export class QidoController {
  constructor(@Inject(QidoService) private readonly qido: QidoService) {}

  @Get('studies')
  @Search('Search for studies (QIDO-RS)')
  studies(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Answer {
    return this.qido.search(request, reply, { level: 'Study' });
  }

  @Get('series')
  @Search('Search for series (QIDO-RS)')
  series(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Answer {
    return this.qido.search(request, reply, { level: 'Series' });
  }

  @Get('instances')
  @Search('Search for instances (QIDO-RS)')
  instances(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Answer {
    return this.qido.search(request, reply, { level: 'Instance' });
  }

  @Get('studies/:study/series')
  @Search('Search for series of a study (QIDO-RS)')
  seriesOfStudy(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('study') study: string,
  ): Answer {
    return this.qido.search(request, reply, { level: 'Series', study });
  }

  @Get('studies/:study/instances')
  @Search('Search for instances of a study (QIDO-RS)')
  instancesOfStudy(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('study') study: string,
  ): Answer {
    return this.qido.search(request, reply, { level: 'Instance', study });
  }

  @Get('studies/:study/series/:series/instances')
  @Search('Search for instances of a series (QIDO-RS)')
  instancesOfSeries(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('study') study: string,
    @Param('series') series: string,
  ): Answer {
    return this.qido.search(request, reply, { level: 'Instance', study, series });
  }
}
