import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

@ApiTags('Labels')
@Controller('tools/labels')
export class LabelsController {
  @Get()
  @ApiOperation({ summary: 'All labels in use: none, since resources have no labels in this version' })
  list(): string[] {
    return [];
  }
}
