import type { AnnalConfiguration } from '@annal/platform';
import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { clientGone } from '../../../http/answers/client-gone.js';
import { type Json, readJson } from '../../../http/body/read-json.js';
import { AnswersBytes, AnswersJson } from '../../../http/open-api/answers.js';
import { EMPTY_OBJECT } from '../../../http/open-api/shared-schemas.js';
import { CONFIGURATION } from '../../../tokens.js';
import { pluginJson } from '../plugin-json.js';
import { clientRequest } from './client-request.js';
import { passedHeaders } from './passed-headers.js';
import { RemoteRequests } from './remote-requests.service.js';
import { TakesJson } from '../../../http/open-api/takes.js';
import { CLIENT_REQUEST, DELETION_BODY, FLAT_ATTRIBUTES } from '../client-description.js';

/** What another server says is no page of this one's, should a browser be led to show it. */
const POLICY = "default-src 'none'; sandbox";

/** Requests that another DICOMweb server answers. */
@ApiTags('DICOMweb client')
@Controller('servers/:name')
export class RequestsController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    private readonly requests: RemoteRequests,
  ) {}

  @Post('get')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a GET to another DICOMweb server, and hand its answer on' })
  @TakesJson(CLIENT_REQUEST)
  @AnswersBytes(['*/*'])
  async get(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const wanted = clientRequest(await this.body(request));
    const { headers, body } = await this.requests.get(name, wanted, clientGone(reply));
    reply.type('application/octet-stream').headers(passedHeaders(headers)).header('Content-Security-Policy', POLICY);
    return body;
  }

  @Post('qido')
  @HttpCode(200)
  @ApiOperation({ summary: 'Search another DICOMweb server; the answer in the flat form of web interfaces' })
  @TakesJson(CLIENT_REQUEST)
  @AnswersJson(FLAT_ATTRIBUTES)
  async qido(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const wanted = clientRequest(await this.body(request));
    return pluginJson(await this.requests.qido(name, wanted, clientGone(reply)), reply);
  }

  @Post('delete')
  @HttpCode(200)
  @ApiOperation({ summary: 'Have another DICOMweb server delete a study, series or instance' })
  @TakesJson(DELETION_BODY)
  @AnswersJson(EMPTY_OBJECT)
  async delete(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.requests.delete(name, await this.body(request));
    return pluginJson({}, reply);
  }

  private body(request: FastifyRequest): Promise<Json | undefined> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    return readJson(request, { size, depth });
  }
}
