import { readAllLabels, type StatementRunner } from '@annal/projections';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersJson } from '../../http/open-api/answers.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';
import { POOL } from '../../tokens.js';

@ApiTags('Labels')
@Controller('tools/labels')
export class AllLabelsController {
  constructor(@Inject(POOL) private readonly pool: StatementRunner) {}

  @Get()
  @ApiOperation({ summary: 'All labels in use' })
  @AnswersJson(NAMES)
  list(): Promise<readonly string[]> {
    return readAllLabels(this.pool);
  }
}
