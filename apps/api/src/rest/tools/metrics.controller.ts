import type { EventLog } from '@annal/domain';
import { inTime, relayStatus } from '@annal/platform';
import { archiveState, countJobs, type Queryable, type StatementRunner } from '@annal/projections';
import { Controller, Get, Header, Inject, Put, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { MetricsSource } from '../../http/metrics/metrics-source.js';
import { AnswersNothing, AnswersText } from '../../http/open-api/answers.js';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { EVENT_LOG, METRICS_SOURCE, POOL, RUNTIME_SETTINGS } from '../../tokens.js';
import { archiveMetrics } from './archive-metrics.js';
import { readBoolean } from '../../http/body/read-boolean.js';

@ApiTags('Metrics')
@Controller('tools')
export class MetricsController {
  constructor(
    @Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings,
    @Inject(METRICS_SOURCE) private readonly source: MetricsSource,
    @Inject(POOL) private readonly database: Queryable & StatementRunner,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  @Get('metrics')
  @ApiOperation({ summary: 'Whether metrics are collected' })
  @AnswersText('Whether they are', ['0', '1'])
  read(): string {
    return this.settings.get('metricsEnabled') ? '1' : '0';
  }

  @Put('metrics')
  @ApiOperation({ summary: 'Collect metrics or not, until the server stops' })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string', enum: ['0', '1', 'false', 'true'] } })
  @AnswersNothing()
  async change(@Req() request: FastifyRequest): Promise<string> {
    await this.settings.set('metricsEnabled', await readBoolean(request));
    return '';
  }

  @Get('metrics-prometheus')
  @ApiOperation({ summary: "The metrics of all processes, in Prometheus' text format" })
  @Header('Content-Type', 'text/plain; version=0.0.4')
  @AnswersText('A line for each value')
  async metrics(): Promise<string> {
    if (!this.settings.get('metricsEnabled')) return '';
    // the log's end first: what is folded in between is no lag
    const end = await inTime(() => this.log.end());
    const [state, relay, jobs, processes] = await Promise.all([
      archiveState(this.database),
      relayStatus(this.database),
      countJobs(this.database),
      this.source.text(),
    ]);
    const lag = end && Math.max(0, end.offset - (state?.offset ?? -1));
    return archiveMetrics(state, lag, relay, jobs, new Date()) + processes;
  }
}
