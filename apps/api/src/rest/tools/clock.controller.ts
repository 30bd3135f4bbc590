import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersText } from '../../http/open-api/answers.js';
import { localTime, utcTime } from './clock.js';

const TIME = 'As YYYYMMDDThhmmss';

@ApiTags('System')
@Controller('tools')
export class ClockController {
  @Get('now')
  @ApiOperation({ summary: 'The time in UTC' })
  @AnswersText(TIME)
  now(): string {
    return utcTime(new Date());
  }

  @Get('now-local')
  @ApiOperation({ summary: "The time in the server's time zone" })
  @AnswersText(TIME)
  nowLocal(): string {
    return localTime(new Date());
  }
}
