import { type AnnalConfiguration } from '@annal/platform';
import { archiveState, type Queryable, type StatementRunner } from '@annal/projections';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags, ApiTemporaryRedirectResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { recentStudies } from './recent-studies.js';
import { ICON, startPage } from './start-page.js';

const EXPLORER = 'app/explorer.html';
const ICON_PATH = 'app/images/favicon.ico';

/** Where a browser arrives. */
@ApiTags('System')
@Controller()
export class StartPageController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly database: Queryable & StatementRunner,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Leads to the page where a browser arrives' })
  @ApiTemporaryRedirectResponse()
  root(@Res() reply: FastifyReply): void {
    this.checkEnabled();
    reply.code(307).header('Location', EXPLORER).send();
  }

  @Get('favicon.ico')
  @ApiOperation({ summary: 'Leads to the icon' })
  @ApiTemporaryRedirectResponse()
  favicon(@Res() reply: FastifyReply): void {
    this.checkEnabled();
    reply.code(307).header('Location', ICON_PATH).send();
  }

  @Get(ICON_PATH)
  @ApiOperation({ summary: 'The icon' })
  @Header('Content-Type', 'image/svg+xml')
  @AnswersBytes(['image/svg+xml'])
  icon(): string {
    this.checkEnabled();
    return ICON;
  }

  @Get(EXPLORER)
  @ApiOperation({ summary: 'The page where a browser arrives' })
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'",
  )
  @AnswersBytes(['text/html'])
  async page(): Promise<string> {
    this.checkEnabled();
    const [state, studies] = await Promise.all([archiveState(this.database), recentStudies(this.database)]);
    return startPage(this.configuration, state, studies);
  }

  private checkEnabled(): void {
    if (!this.configuration.OrthancExplorerEnabled) throw new OrthancError('UnknownResource');
  }
}
