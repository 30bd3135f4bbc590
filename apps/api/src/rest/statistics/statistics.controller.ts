import { archiveStatistics, type StatementRunner } from '@annal/projections';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersJson } from '../../http/open-api/answers.js';
import { POOL } from '../../tokens.js';
import { ARCHIVE_STATISTICS } from '../resources/statistics-description.js';
import { sizes } from '../resources/statistics.js';

@ApiTags('System')
@Controller('statistics')
export class StatisticsController {
  constructor(@Inject(POOL) private readonly pool: StatementRunner) {}

  @Get()
  @ApiOperation({ summary: 'How much the archive holds' })
  @AnswersJson(ARCHIVE_STATISTICS)
  async read(): Promise<object> {
    const { patients, studies, series, instances, storedSize, size } = await archiveStatistics(this.pool);
    return {
      CountInstances: instances,
      CountPatients: patients,
      CountSeries: series,
      CountStudies: studies,
      ...sizes('TotalDiskSize', storedSize),
      ...sizes('TotalUncompressedSize', size),
    };
  }
}
