import { applyDecorators, Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags, ApiTemporaryRedirectResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswersBytes } from '../../http/open-api/answers.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { frameNumber } from './frame-number.js';
import { PICTURE_TYPES } from './picture-format.js';
import type { PictureKind } from './picture-request.js';
import { PicturesService } from './pictures.service.js';
import { answeringAsPicture } from './pixel-errors.js';
import { placeholderOf } from './placeholder.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag, real, text, whole } from '../../http/open-api/schema.js';

/** The parameters of a picture's path. */
interface FramePath {
  readonly id: string;
  readonly frame?: string;
}

const PICTURE_QUERY = {
  quality: whole('Quality of JPEG; 90 without it', { minimum: 1, maximum: 100 }),
  returnUnsupportedImage: flag(
    'Given with any value: a picture that stands for what is no picture, instead of an error',
  ),
};
const RENDERED_QUERY = {
  ...PICTURE_QUERY,
  'window-center': real('Center of the window'),
  'window-width': real('Width of the window'),
  width: whole('The most columns', { minimum: 0 }),
  height: whole('The most rows', { minimum: 0 }),
  smooth: text('Whether the picture is smoothed where its size changes', ['0', '1', 'false', 'true']),
};

const AnswersPicture = (): MethodDecorator =>
  applyDecorators(
    AnswersBytes(PICTURE_TYPES),
    ApiTemporaryRedirectResponse({ description: 'To the picture for what is no picture, with returnUnsupportedImage' }),
  );

@ApiTags('Instances')
@Controller('instances')
export class PicturesController {
  constructor(@Inject(PicturesService) private readonly pictures: PicturesService) {}

  @Get([':id/preview', ':id/frames/:frame/preview'])
  @ApiOperation({ summary: 'A frame with its whole range of values in sight' })
  @Asks(PICTURE_QUERY)
  @AnswersPicture()
  preview(
    @Param() path: FramePath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.answer('preview', path, query, request, reply);
  }

  @Get([':id/rendered', ':id/frames/:frame/rendered'])
  @ApiOperation({ summary: 'A frame through its window, or another one, and in another size' })
  @Asks(RENDERED_QUERY)
  @AnswersPicture()
  rendered(
    @Param() path: FramePath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.answer('rendered', path, query, request, reply);
  }

  @Get([':id/image-uint8', ':id/frames/:frame/image-uint8'])
  @ApiOperation({ summary: 'The stored values of a frame, cut off at 0 and 255' })
  @Asks(PICTURE_QUERY)
  @AnswersPicture()
  uint8(
    @Param() path: FramePath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.answer('uint8', path, query, request, reply);
  }

  @Get([':id/image-uint16', ':id/frames/:frame/image-uint16'])
  @ApiOperation({ summary: 'The stored values of a frame, cut off at 0 and 65535' })
  @Asks(PICTURE_QUERY)
  @AnswersPicture()
  uint16(
    @Param() path: FramePath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.answer('uint16', path, query, request, reply);
  }

  @Get([':id/image-int16', ':id/frames/:frame/image-int16'])
  @ApiOperation({ summary: "The stored values of a frame, cut off at -32768 and 32767, in two's complement" })
  @Asks(PICTURE_QUERY)
  @AnswersPicture()
  int16(
    @Param() path: FramePath,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.answer('int16', path, query, request, reply);
  }

  private answer(
    kind: PictureKind,
    { id, frame }: FramePath,
    query: Parameters,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Buffer> {
    return answeringAsPicture(
      async () => {
        const { accept } = request.headers;
        const picture = await this.pictures.picture({ instance: id, frame: frameNumber(frame), kind, query, accept });
        reply.type(picture.type);
        return picture.content;
      },
      placeholderOf(query, request.url),
    );
  }
}
