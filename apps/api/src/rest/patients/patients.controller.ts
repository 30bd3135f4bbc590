import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Query as Parameters } from '../resources/list-request.js';
import { GroupController, ReadServices } from '../resources/resource.controller.js';
import { Asks } from '../../http/open-api/asks.js';
import { BELOW_QUERY } from '../resources/list-description.js';

@ApiTags('Patients')
@Controller('patients')
export class PatientsController extends GroupController {
  constructor(@Inject(ReadServices) read: ReadServices) {
    super('Patient', read);
  }

  @Get(':id/studies')
  @ApiOperation({ summary: 'The studies of a patient' })
  @Asks(BELOW_QUERY)
  studies(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.below('Study', this.level, id, query);
  }

  @Get(':id/series')
  @ApiOperation({ summary: 'The series of a patient' })
  @Asks(BELOW_QUERY)
  series(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.below('Series', this.level, id, query);
  }
}
