import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Query as Parameters } from '../resources/list-request.js';
import { GroupController, ReadServices } from '../resources/resource.controller.js';
import { Asks } from '../../http/open-api/asks.js';
import { RESOURCE_QUERY } from '../resources/list-description.js';

@ApiTags('Series')
@Controller('series')
export class SeriesController extends GroupController {
  constructor(@Inject(ReadServices) read: ReadServices) {
    super('Series', read);
  }

  @Get(':id/patient')
  @ApiOperation({ summary: 'The patient of a series' })
  @Asks(RESOURCE_QUERY)
  patient(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Patient', this.level, id, query);
  }

  @Get(':id/study')
  @ApiOperation({ summary: 'The study of a series' })
  @Asks(RESOURCE_QUERY)
  study(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Study', this.level, id, query);
  }
}
