import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Query as Parameters } from '../resources/list-request.js';
import { groupController, ReadServices } from '../resources/resource.controller.js';
import { ShowsResources } from '../resources/shows.js';

@ApiTags('Patients')
@Controller('patients')
export class PatientsController extends groupController('Patient') {
  constructor(@Inject(ReadServices) read: ReadServices) {
    super(read);
  }

  @Get(':id/studies')
  @ApiOperation({ summary: 'The studies of a patient' })
  @ShowsResources('Study')
  studies(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.below('Study', this.level, id, query);
  }

  @Get(':id/series')
  @ApiOperation({ summary: 'The series of a patient' })
  @ShowsResources('Series')
  series(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.below('Series', this.level, id, query);
  }
}
