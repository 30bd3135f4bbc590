import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Asks } from '../../http/open-api/asks.js';
import { BELOW_QUERY, RESOURCE_QUERY, TAGS_QUERY } from '../resources/list-description.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { GroupController, ReadServices } from '../resources/resource.controller.js';

@ApiTags('Studies')
@Controller('studies')
export class StudiesController extends GroupController {
  constructor(@Inject(ReadServices) read: ReadServices) {
    super('Study', read);
  }

  @Get(':id/patient')
  @ApiOperation({ summary: 'The patient of a study' })
  @Asks(RESOURCE_QUERY)
  patient(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Patient', this.level, id, query);
  }

  @Get(':id/series')
  @ApiOperation({ summary: 'The series of a study' })
  @Asks(BELOW_QUERY)
  series(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.below('Series', this.level, id, query);
  }

  @Get(':id/module-patient')
  @ApiOperation({ summary: 'The tags of the patient module, from the first instance' })
  @Asks(TAGS_QUERY)
  modulePatient(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.tags.module(this.level, id, 'patient', query);
  }
}
