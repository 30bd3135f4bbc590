import { Controller, Post } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BareStatus } from '../../http/errors/http-errors.js';

@ApiTags('System')
@Controller('tools/execute-script')
export class ScriptController {
  @Post()
  @ApiOperation({ summary: 'Always refused: this server runs no scripts of its clients' })
  @ApiForbiddenResponse()
  execute(): never {
    throw new BareStatus(403);
  }
}
