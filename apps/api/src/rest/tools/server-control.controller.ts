import { Controller, Inject, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswersJson } from '../../http/open-api/answers.js';
import { EMPTY_OBJECT } from '../../http/open-api/shared-schemas.js';
import type { ServerControl } from '../../server/server-control.js';
import { SERVER_CONTROL } from '../../tokens.js';

@ApiTags('System')
@Controller('tools')
export class ServerControlController {
  constructor(@Inject(SERVER_CONTROL) private readonly control: ServerControl) {}

  @Post('reset')
  @ApiOperation({ summary: 'Start the server again, all processes of it' })
  @AnswersJson(EMPTY_OBJECT)
  reset(@Res() reply: FastifyReply): void {
    answerFirst(reply, () => this.control.reset());
  }

  @Post('shutdown')
  @ApiOperation({ summary: 'Stop the server, all processes of it' })
  @AnswersJson(EMPTY_OBJECT)
  shutdown(@Res() reply: FastifyReply): void {
    answerFirst(reply, () => this.control.shutdown());
  }
}

/** The client gets its answer before the server goes. */
function answerFirst(reply: FastifyReply, act: () => void): void {
  reply.raw.once('close', act);
  reply.type('application/json').send('{}');
}
