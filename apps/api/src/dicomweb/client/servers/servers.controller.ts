import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Delete, Get, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readJson } from '../../../http/body/read-json.js';
import { AnswersJson } from '../../../http/open-api/answers.js';
import { EMPTY_OBJECT, NAMES } from '../../../http/open-api/shared-schemas.js';
import { eventContextOf } from '../../../http/security/request-identity.js';
import { Writes } from '../../../http/writes.js';
import type { Query as Parameters } from '../../../rest/resources/list-request.js';
import { CONFIGURATION } from '../../../tokens.js';
import { pluginJson } from '../plugin-json.js';
import { RemoteServers } from './remote-servers.service.js';
import { webServiceParameters } from '../../../remotes/web-service/web-service-parameters.js';
import { TakesJson } from '../../../http/open-api/takes.js';
import { WEB_SERVICE, WEB_SERVICES } from '../../../remotes/web-service/web-service-description.js';
import { Asks } from '../../../http/open-api/asks.js';
import { flag } from '../../../http/open-api/schema.js';

/** What the client of another server does. */
const OPERATIONS = ['get', 'retrieve', 'stow', 'wado', 'qido'];

/** The other DICOMweb servers (option `DicomWeb.Servers`), and what users change of them. */
@ApiTags('DICOMweb client')
@Controller('servers')
export class ServersController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    private readonly servers: RemoteServers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The names of the other DICOMweb servers; with `expand`, how they are reached' })
  @Asks({ expand: flag('Given with any value: how they are reached') })
  @AnswersJson(WEB_SERVICES)
  async list(@Query() query: Parameters, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    // whatever value it has
    return pluginJson(await (query.expand === undefined ? this.servers.names() : this.servers.views()), reply);
  }

  @Get(':name')
  @ApiOperation({ summary: 'What can be asked of another DICOMweb server' })
  @AnswersJson(NAMES)
  async one(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { hasDelete } = await this.servers.find(name);
    return pluginJson(hasDelete ? [...OPERATIONS, 'delete'] : OPERATIONS, reply);
  }

  @Put(':name')
  @Writes()
  @ApiOperation({ summary: 'Add another DICOMweb server, or reach it in another way from now on' })
  @TakesJson(WEB_SERVICE)
  @AnswersJson(EMPTY_OBJECT)
  async set(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    const parameters = webServiceParameters(await readJson(request, { size, depth }));
    await this.servers.set(name, parameters, eventContextOf(request, this.configuration.Name));
    return pluginJson({}, reply);
  }

  @Delete(':name')
  @Writes()
  @ApiOperation({ summary: 'Forget another DICOMweb server' })
  @AnswersJson(EMPTY_OBJECT)
  async remove(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.servers.remove(name, eventContextOf(request, this.configuration.Name));
    return pluginJson({}, reply);
  }
}
