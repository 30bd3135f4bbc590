import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Delete, Get, Header, Inject, Param, Put, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readJson } from '../../http/body/read-json.js';
import { notFound } from '../../http/errors/http-errors.js';
import { AnswersJson, AnswersNothing } from '../../http/open-api/answers.js';
import { ANY_OBJECT, NAMES } from '../../http/open-api/shared-schemas.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION } from '../../tokens.js';
import { isOn, type Query as Parameters } from '../resources/list-request.js';
import { Peers } from './peers.service.js';
import { TakesJson } from '../../http/open-api/takes.js';
import { WEB_SERVICE, WEB_SERVICE_VIEW, WEB_SERVICES } from '../../remotes/web-service/web-service-description.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag } from '../../http/open-api/schema.js';

/** What can be done with a peer. */
const OPERATIONS = ['configuration', 'store', 'store-straight', 'system'];

/** The other servers with this REST API (option `OrthancPeers`), and what users change of them. */
@ApiTags('Peers')
@Controller('peers')
export class PeersController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(Peers) private readonly peers: Peers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The names of the peers; with `expand`, how they are reached' })
  @Asks({ expand: flag('Whether the answer tells how they are reached') })
  @AnswersJson(WEB_SERVICES)
  list(@Query() query: Parameters): Promise<object> {
    return isOn(query, 'expand') ? this.peers.views() : this.peers.names();
  }

  @Get(':id')
  @ApiOperation({ summary: 'What can be done with a peer' })
  @AnswersJson(NAMES)
  async one(@Param('id') name: string): Promise<readonly string[]> {
    if (!(await this.peers.isKnown(name))) throw notFound();
    return OPERATIONS;
  }

  @Get(':id/configuration')
  @ApiOperation({ summary: 'How a peer is reached; without passwords' })
  @AnswersJson(WEB_SERVICE_VIEW)
  view(@Param('id') name: string): Promise<object> {
    return this.peers.view(name);
  }

  @Get(':id/system')
  @Header('Content-Type', 'application/json')
  @ApiOperation({ summary: 'What a peer says of itself, asked right now' })
  @AnswersJson(ANY_OBJECT, 'What the peer answered')
  system(@Param('id') name: string): Promise<Buffer> {
    return this.peers.system(name);
  }

  @Put(':id')
  @Writes()
  @ApiOperation({ summary: 'Add a peer, or reach it in another way from now on' })
  @TakesJson(WEB_SERVICE)
  @AnswersNothing()
  async set(@Param('id') name: string, @Req() request: FastifyRequest): Promise<string> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    const body = await readJson(request, { size, depth });
    if (body === undefined) throw notFound();
    await this.peers.set(name, body, eventContextOf(request, this.configuration.Name));
    return '';
  }

  @Delete(':id')
  @Writes()
  @ApiOperation({ summary: 'Forget a peer' })
  @AnswersNothing()
  async remove(@Param('id') name: string, @Req() request: FastifyRequest): Promise<string> {
    await this.peers.remove(name, eventContextOf(request, this.configuration.Name));
    return '';
  }
}
