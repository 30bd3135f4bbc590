import { Readable } from 'node:stream';
import { ClearExports } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { readListedExports, type StatementRunner } from '@annal/projections';
import { Controller, Delete, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JsonText } from '../../http/json/render-json.js';
import { AnswersBytes, AnswersJson, AnswersNothing } from '../../http/open-api/answers.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { EXPORTS } from './export-description.js';
import { type ExportsRequest, parseExportsRequest } from './exports-request.js';
import { listedExportsText } from './listed-export-text.js';
import { ExportsReport } from './report/exports-report.service.js';
import { REPORT } from './report/report-description.js';
import { ReportQuery } from './report/report-query.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag, whole } from '../../http/open-api/schema.js';

/** Longer answers are read and sent in pieces of so many rows. */
const PIECE = 5000;

const QUERY = {
  since: whole('Exports after the one of this number'),
  limit: whole('The most exports; 100 without it'),
  last: flag('Given with any value: the last export alone'),
};

/** What was sent elsewhere. */
@ApiTags('Exports')
@Controller('exports')
export class ExportsController {
  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(ExportsReport) private readonly reports: ExportsReport,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What was sent to peers and modalities while LogExportedResources was set' })
  @Asks(QUERY)
  @AnswersJson(EXPORTS)
  async list(@Query() query: Parameters): Promise<JsonText> {
    if (query.last !== undefined) {
      const rows = await readListedExports(this.pool, 0, 1, 'last');
      return new JsonText(`{"Exports":[${listedExportsText(rows)}${closing(true, rows[0]?.seq, rows[0]?.seq ?? 0)}`);
    }
    return new JsonText(Readable.from(this.pieces(parseExportsRequest(query)), { objectMode: false }));
  }

  @Delete()
  @Writes()
  @ApiOperation({ summary: 'Empty the list; the event log and the report keep everything' })
  @AnswersNothing()
  async clear(@Req() request: FastifyRequest): Promise<string> {
    await this.commands.execute(new ClearExports(eventContextOf(request, this.configuration.Name)));
    return '';
  }

  @Get('report')
  @ApiOperation({ summary: 'Who sent what where, when, and what became of it: as JSON or CSV' })
  @AnswersBytes(['application/json', 'text/csv'], REPORT)
  async report(@Query() query: ReportQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const { type, filename, content } = await this.reports.make(query);
    reply.header('Content-Disposition', `attachment; filename="${filename}"`);
    if (type === 'json') return new JsonText(content);
    reply.type('text/csv; charset=utf-8');
    return content;
  }

  /** The answer in pieces of text. */
  private async *pieces({ since, limit }: ExportsRequest): AsyncGenerator<string, void> {
    yield '{"Exports":[';
    let first: number | undefined;
    for (let last = since, left = limit; ;) {
      const wanted = Math.min(left, PIECE);
      // one more tells whether this is the end
      const rows = await readListedExports(this.pool, last, wanted + 1);
      const shown = rows.slice(0, wanted);
      if (shown.length > 0) yield `${first === undefined ? '' : ',\n'}${listedExportsText(shown)}`;
      first ??= shown[0]?.seq;
      left -= shown.length;
      last = shown.at(-1)?.seq ?? last;
      if (rows.length <= wanted || left === 0) {
        yield closing(rows.length <= wanted, first, last);
        return;
      }
    }
  }
}

/** @param first undefined when there are none */
function closing(done: boolean, first: number | undefined, last: number): string {
  return `],"Done":${done}${first === undefined ? '' : `,"First":${first}`},"Last":${last}}`;
}
