import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersJson } from '../../http/open-api/answers.js';
import { Asks } from '../../http/open-api/asks.js';
import { TAGS_QUERY } from '../resources/list-description.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { groupController, ReadServices } from '../resources/resource.controller.js';
import { ShowsResource, ShowsResources } from '../resources/shows.js';
import { TAGS } from '../resources/tags-description.js';

@ApiTags('Studies')
@Controller('studies')
export class StudiesController extends groupController('Study') {
  constructor(@Inject(ReadServices) read: ReadServices) {
    super(read);
  }

  @Get(':id/patient')
  @ApiOperation({ summary: 'The patient of a study' })
  @ShowsResource('Patient')
  patient(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Patient', this.level, id, query);
  }

  @Get(':id/series')
  @ApiOperation({ summary: 'The series of a study' })
  @ShowsResources('Series')
  series(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.below('Series', this.level, id, query);
  }

  @Get(':id/module-patient')
  @ApiOperation({ summary: 'The tags of the patient module, from the first instance' })
  @Asks(TAGS_QUERY)
  @AnswersJson(TAGS)
  modulePatient(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.tags.module(this.level, id, 'patient', query);
  }
}
