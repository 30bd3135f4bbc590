import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { localTime, utcTime } from './clock.js';

const TIME = { description: 'As YYYYMMDDThhmmss', content: { 'text/plain': { schema: { type: 'string' } } } } as const;

@ApiTags('System')
@Controller('tools')
export class ClockController {
  @Get('now')
  @ApiOperation({ summary: 'The time in UTC' })
  @ApiOkResponse(TIME)
  now(): string {
    return utcTime(new Date());
  }

  @Get('now-local')
  @ApiOperation({ summary: "The time in the server's time zone" })
  @ApiOkResponse(TIME)
  nowLocal(): string {
    return localTime(new Date());
  }
}
