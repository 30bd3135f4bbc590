import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswersJson, contentOf } from '../../http/open-api/answers.js';
import { LIVE, READINESS } from './health-description.js';
import { ReadinessCheck } from './readiness.js';

/** For orchestrators and load balancers; needs no password. */
@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(@Inject(ReadinessCheck) private readonly check: ReadinessCheck) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the process answers at all' })
  @AnswersJson(LIVE)
  live(): object {
    return { Status: 'live' };
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Whether it can serve: database, log, schema, whether the fold goes on and how far it lags behind the log',
  })
  @AnswersJson(READINESS)
  @ApiServiceUnavailableResponse({ description: 'It cannot', content: contentOf(['application/json'], READINESS) })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { ready, checks, lag, changes } = await this.check.run();
    if (!ready) reply.code(503).header('Retry-After', '5');
    return {
      ...(changes && { Changes: { Lag: changes.lag, State: changes.state } }),
      Checks: { Database: checks.database, Fold: checks.fold, Log: checks.log, Schema: checks.schema },
      Lag: lag ?? null,
      Status: ready ? 'ready' : 'not ready',
    };
  }
}
