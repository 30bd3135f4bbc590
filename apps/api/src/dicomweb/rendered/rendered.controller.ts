import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { Query as Parameters } from '../../rest/resources/list-request.js';
import { ignoredParameters } from './rendered-query.js';
import { RenderedService } from './rendered.service.js';

/** The parameters of a path. */
interface RenderedPath {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
  readonly frames?: string;
}

@ApiTags('DICOMweb')
@Controller('studies/:study')
export class RenderedController {
  constructor(@Inject(RenderedService) private readonly pictures: RenderedService) {}

  @Get([
    'rendered',
    'series/:series/rendered',
    'series/:series/instances/:instance/rendered',
    'series/:series/instances/:instance/frames/:frames/rendered',
    'thumbnail',
    'series/:series/thumbnail',
    'series/:series/instances/:instance/thumbnail',
    'series/:series/instances/:instance/frames/:frames/thumbnail',
  ])
  @ApiOperation({ summary: 'WADO-RS: a frame as a picture' })
  async rendered(
    @Param() { frames, ...path }: RenderedPath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { accept } = request.headers;
    const picture = await this.pictures.picture({ path, frame: frameIn(frames), query, accept });
    const ignored = ignoredParameters(query);
    if (ignored.length > 0) reply.header('Warning', `299 annal "Without effect: ${ignored.join(', ')}"`);
    reply.type(picture.type);
    return picture.content;
  }
}

/** The frame of a path, from 0 on. @throws OrthancError 400 */
function frameIn(text = '1'): number {
  if (!/^-?\d{1,10}$/.test(text)) throw new OrthancError('BadFileFormat');
  const number = Number(text);
  if (number < 1) throw new OrthancError('ParameterOutOfRange', `Inexistent frame index in this image: ${text}`);
  return number - 1;
}
