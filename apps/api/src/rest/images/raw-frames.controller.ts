import { FRAME_MEDIA_TYPES } from '@annal/dicom';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { sendSized } from '../../http/answers/send-body.js';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { FramesService, type RawFrame } from '../../pixels/frames.service.js';
import { frameNumber } from './frame-number.js';
import { explainingPixelErrors } from './pixel-errors.js';

@ApiTags('Instances')
@Controller('instances/:id/frames/:frame')
export class RawFramesController {
  constructor(@Inject(FramesService) private readonly frames: FramesService) {}

  @Get('raw')
  @ApiOperation({ summary: 'A frame as it is stored' })
  @AnswersBytes(FRAME_MEDIA_TYPES)
  async raw(@Param('id') id: string, @Param('frame') frame: string, @Res() reply: FastifyReply): Promise<void> {
    const raw = await this.open(id, frame);
    reply.type(raw.mediaType);
    await sendSized(reply, raw);
  }

  @Get('raw.gz')
  @ApiOperation({ summary: 'A frame as it is stored, compressed with gzip' })
  @AnswersBytes(['application/gzip'])
  async compressed(
    @Param('id') id: string,
    @Param('frame') frame: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const { bytes } = await this.open(id, frame);
    reply.type('application/gzip');
    // an error of either side ends the other, and the answer with it
    const stream = Readable.from(Buffer.isBuffer(bytes) ? [bytes] : bytes, { objectMode: false });
    return pipeline(stream, createGzip(), () => undefined);
  }

  private open(id: string, frame: string): Promise<RawFrame> {
    return explainingPixelErrors(() => this.frames.rawFrame(id, frameNumber(frame)), 'Cannot access a raw frame');
  }
}
