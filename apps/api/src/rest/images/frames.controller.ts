import { shownFrame } from '@annal/dicom';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswersJson, AnswersText } from '../../http/open-api/answers.js';
import { listOf, whole } from '../../http/open-api/schema.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';
import { FrameRenderer } from '../../pixels/frame-renderer.js';
import { FramesService } from '../../pixels/frames.service.js';
import { FrameListService } from './frame-list.service.js';
import { frameNumber } from './frame-number.js';
import { explainingPixelErrors } from './pixel-errors.js';

/** The routes below a frame. */
const FRAME_OPERATIONS = [
  'image-int16',
  'image-uint16',
  'image-uint8',
  'matlab',
  'numpy',
  'preview',
  'raw',
  'raw.gz',
  'rendered',
] as const;

@ApiTags('Instances')
@Controller('instances')
export class FramesController {
  constructor(
    @Inject(FrameListService) private readonly lists: FrameListService,
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(FrameRenderer) private readonly renderer: FrameRenderer,
  ) {}

  @Get(':id/frames')
  @ApiOperation({ summary: 'The numbers of the frames' })
  @AnswersJson(listOf(whole('From 0 on')))
  list(@Param('id') id: string): Promise<readonly number[]> {
    return this.lists.list(id);
  }

  @Get(':id/frames/:frame')
  @ApiOperation({ summary: 'What there is of a frame, whether the frame is there or not' })
  @AnswersJson(NAMES)
  operations(): readonly string[] {
    return FRAME_OPERATIONS;
  }

  @Get([':id/matlab', ':id/frames/:frame/matlab'])
  @ApiOperation({ summary: 'The stored values of a frame, as a matrix for Octave and Matlab' })
  @AnswersText('A matrix')
  async matlab(
    @Param('id') id: string,
    @Param('frame') frame: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const number = frameNumber(frame);
    const text = await explainingPixelErrors(() =>
      this.frames.withFrame(id, number, (decoded) =>
        this.renderer.make(shownFrame(decoded, number), { make: 'matlab' }),
      ),
    );
    reply.type('text/plain');
    return Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  }
}
