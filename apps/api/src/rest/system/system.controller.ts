import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersJson } from '../../http/open-api/answers.js';
import { SYSTEM } from './system-description.js';
import { SystemInformation } from './system-information.js';

/** What this server is and can do. */
@ApiTags('System')
@Controller('system')
export class SystemController {
  constructor(@Inject(SystemInformation) private readonly information: SystemInformation) {}

  @Get()
  @ApiOperation({ summary: 'Name, versions, capabilities and settings of this server' })
  @AnswersJson(SYSTEM)
  read(): object {
    return this.information.read();
  }
}
