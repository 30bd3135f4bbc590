import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Query as Parameters } from '../resources/list-request.js';
import { groupController, ReadServices } from '../resources/resource.controller.js';
import { ShowsResource } from '../resources/shows.js';

@ApiTags('Series')
@Controller('series')
export class SeriesController extends groupController('Series') {
  constructor(@Inject(ReadServices) read: ReadServices) {
    super(read);
  }

  @Get(':id/patient')
  @ApiOperation({ summary: 'The patient of a series' })
  @ShowsResource('Patient')
  patient(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Patient', this.level, id, query);
  }

  @Get(':id/study')
  @ApiOperation({ summary: 'The study of a series' })
  @ShowsResource('Study')
  study(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Study', this.level, id, query);
  }
}
