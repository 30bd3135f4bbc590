import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendBody } from '../../http/answers/send-body.js';
import type { Query as Parameters } from '../../rest/resources/list-request.js';
import { CONFIGURATION } from '../../tokens.js';
import { acceptIn } from '../common/accept.js';
import { partsOf, Serves } from '../common/serves.js';
import { WebUrls } from '../common/web-urls.js';
import { frameNumbers } from '../common/frame-numbers.js';
import { ignoredParameters } from './rendered-query.js';
import { RenderedService } from './rendered.service.js';

/** The parameters of a path. */
interface RenderedPath {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
  readonly frames?: string;
}

const TYPES = ['image/jpeg', 'image/png', 'image/gif'];
const PARAMETERS = ['accept', 'window', 'viewport', 'quality', 'annotation', 'iccprofile'];

@ApiTags('DICOMweb')
@Controller('studies/:study')
export class RenderedController {
  private readonly mostFrames: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(RenderedService) private readonly pictures: RenderedService,
    @Inject(WebUrls) private readonly urls: WebUrls,
  ) {
    this.mostFrames = Annal.Limits.MaxFrameList;
  }

  @Get([
    'rendered',
    'series/:series/rendered',
    'series/:series/instances/:instance/rendered',
    'series/:series/instances/:instance/frames/:frames/rendered',
  ])
  @Serves({ summary: 'WADO-RS: frames as pictures', types: [...TYPES, ...TYPES.map(partsOf)], query: PARAMETERS })
  rendered(
    @Param() path: RenderedPath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(path, false, query, request, reply);
  }

  @Get([
    'thumbnail',
    'series/:series/thumbnail',
    'series/:series/instances/:instance/thumbnail',
    'series/:series/instances/:instance/frames/:frames/thumbnail',
  ])
  @Serves({ summary: 'WADO-RS: a frame as a picture', types: TYPES, query: PARAMETERS })
  thumbnail(
    @Param() path: RenderedPath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(path, true, query, request, reply);
  }

  private async answer(
    { frames, ...path }: RenderedPath,
    thumbnail: boolean,
    query: Parameters,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const named = frames === undefined ? {} : { frames: frameNumbers(frames, this.mostFrames) };
    const order = { path, ...named, thumbnail, query, accept: acceptIn(request), base: this.urls.base(request) };
    const { type, content } = await this.pictures.answer(order);
    const ignored = ignoredParameters(query);
    if (ignored.length > 0) reply.header('Warning', `299 annal "Without effect: ${ignored.join(', ')}"`);
    await sendBody(reply.type(type), content);
  }
}
