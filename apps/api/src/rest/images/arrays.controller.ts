import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswersBytes, AnswersJson } from '../../http/open-api/answers.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { arrayAnswer } from './array-answer.js';
import { ArrayZipper } from './array-zipper.js';
import { ArraysService } from './arrays.service.js';
import { explainedFrameNumber } from './frame-number.js';
import { SeriesSlicesService } from './series-slices.service.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag } from '../../http/open-api/schema.js';
import { ORDERED_SLICES } from './slices-description.js';

const QUERY = {
  compress: flag('Whether the answer is a compressed .npz'),
  rescale: flag('Whether values are rescaled as the instance says; they are, without it'),
};

@ApiTags('Instances')
@Controller()
export class ArraysController {
  constructor(
    @Inject(ArraysService) private readonly arrays: ArraysService,
    @Inject(ArrayZipper) private readonly zipper: ArrayZipper,
    @Inject(SeriesSlicesService) private readonly slices: SeriesSlicesService,
  ) {}

  @Get('instances/:id/frames/:frame/numpy')
  @ApiOperation({ summary: 'A frame for numpy: rows, columns, channels' })
  @Asks(QUERY)
  @AnswersBytes(['application/octet-stream'])
  ofFrame(
    @Param('id') id: string,
    @Param('frame') frame: string,
    @Query() query: Parameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return arrayAnswer(query, reply, this.zipper, (rescaled) =>
      this.arrays.ofFrame(id, explainedFrameNumber(frame), rescaled),
    );
  }

  @Get('instances/:id/numpy')
  @ApiOperation({ summary: 'An instance for numpy: frames, rows, columns, channels' })
  @Asks(QUERY)
  @AnswersBytes(['application/octet-stream'])
  ofInstance(@Param('id') id: string, @Query() query: Parameters, @Res() reply: FastifyReply): Promise<void> {
    return arrayAnswer(query, reply, this.zipper, (rescaled) => this.arrays.ofInstance(id, rescaled));
  }

  @Get('series/:id/numpy')
  @ApiOperation({ summary: 'A series for numpy: frames in the order of the slices, rows, columns, channels' })
  @Asks(QUERY)
  @AnswersBytes(['application/octet-stream'])
  ofSeries(@Param('id') id: string, @Query() query: Parameters, @Res() reply: FastifyReply): Promise<void> {
    return arrayAnswer(query, reply, this.zipper, (rescaled) => this.arrays.ofSeries(id, rescaled));
  }

  @Get('series/:id/ordered-slices')
  @ApiOperation({ summary: 'The instances and frames of a series in the order of the slices' })
  @AnswersJson(ORDERED_SLICES)
  orderedSlices(@Param('id') id: string): Promise<unknown> {
    return this.slices.list(id);
  }
}
