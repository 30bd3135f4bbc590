import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { PLACEHOLDER_PATH, placeholderPicture } from './placeholder.js';

@ApiTags('Instances')
@Controller()
export class PlaceholderController {
  @Get(PLACEHOLDER_PATH)
  @ApiOperation({ summary: 'The picture that stands for what is no picture' })
  @AnswersBytes(['image/png'])
  placeholder(@Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    reply.type('image/png');
    return placeholderPicture();
  }
}
