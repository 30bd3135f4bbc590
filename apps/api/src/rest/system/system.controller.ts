import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SystemInformation } from './system-information.js';

/** What this server is and can do. */
@ApiTags('System')
@Controller('system')
export class SystemController {
  constructor(@Inject(SystemInformation) private readonly information: SystemInformation) {}

  @Get()
  @ApiOperation({ summary: 'Name, versions, capabilities and settings of this server' })
  @ApiOkResponse({ description: 'A JSON object' })
  read(): object {
    return this.information.read();
  }
}
