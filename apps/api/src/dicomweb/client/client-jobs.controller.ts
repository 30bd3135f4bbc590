import type { AnnalConfiguration } from '@annal/platform';
import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { ExportTrace } from '../../exports/export-trace.js';
import { AnswersJson } from '../../http/open-api/answers.js';
import { withSlashes } from '../../http/path.js';
import { type Json, type JsonObject, readJson } from '../../http/body/read-json.js';
import { actorOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { JobAnswers, type JobOrderRequest } from '../../jobs/job-answers.service.js';
import { JOB_ANSWER } from '../../jobs/job-description.js';
import { type JobRequestFields, jobRequestFields } from '../../jobs/job-request.js';
import { CONFIGURATION, RUN } from '../../tokens.js';
import { wayUp } from '../common/way-up.js';
import { pluginJson } from './plugin-json.js';
import { clientRequest } from './requests/client-request.js';
import { JobHeaders } from './requests/job-headers.js';
import { type RetrieveOrder, retrieveOrder, wadoOrder } from './retrieve/retrieve-order.js';
import { exportTo } from './servers/remote-server.js';
import { RemoteServers } from './servers/remote-servers.service.js';
import { StowOrders } from './stow/stow-orders.service.js';
import { TakesJson } from '../../http/open-api/takes.js';
import { RETRIEVE_BODY, STOW_BODY, WADO_BODY } from './client-description.js';

/** What jobs do at other DICOMweb servers. */
@ApiTags('DICOMweb client')
@Controller('servers/:name')
@Writes()
export class ClientJobsController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(RUN) private readonly run: string,
    @Inject(ExportTrace) private readonly trace: ExportTrace,
    @Inject(JobAnswers) private readonly jobs: JobAnswers,
    private readonly servers: RemoteServers,
    private readonly orders: StowOrders,
    private readonly headers: JobHeaders,
  ) {}

  @Post('stow')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send resources to another DICOMweb server (STOW-RS)' })
  @TakesJson(STOW_BODY)
  @AnswersJson(JOB_ANSWER)
  async stow(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const body = await this.body(request);
    const { ids, order } = await this.orders.order(name, body);
    const fields = jobRequestFields(body as JsonObject, { synchronous: true });
    const server = await this.servers.find(name);
    const submit = async (id: string): Promise<string> => {
      const parameters = await this.headers.sealed(id, { ...order, run: this.run });
      return this.submit({ id, type: 'DicomWebStowClient', parameters, content: {} }, fields, request, reply);
    };
    if (ids.length === 0) return submit(uuidv7());
    return this.trace.byJob({ ...exportTo(server), resources: ids }, order, request, submit, 'dicomweb');
  }

  @Post('retrieve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Retrieve studies, series and instances from another DICOMweb server (WADO-RS)' })
  @TakesJson(RETRIEVE_BODY)
  @AnswersJson(JOB_ANSWER)
  async retrieve(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const body = await this.body(request);
    const order = retrieveOrder(name, body, this.configuration.Annal.Limits.MaxJobResources);
    return this.retrieved(order, jobRequestFields(body as JsonObject, { synchronous: true }), request, reply);
  }

  @Post('wado')
  @HttpCode(200)
  @ApiOperation({ summary: 'Retrieve what one request of WADO-RS answers with' })
  @TakesJson(WADO_BODY)
  @AnswersJson(JOB_ANSWER)
  async wado(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const body = await this.body(request);
    const order = wadoOrder(name, clientRequest(body));
    return this.retrieved(order, jobRequestFields(body as JsonObject, { synchronous: false }), request, reply);
  }

  private async retrieved(
    order: RetrieveOrder,
    fields: JobRequestFields,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    await this.servers.find(order.server);
    const { user } = actorOf(request);
    const id = uuidv7();
    const parameters = await this.headers.sealed(id, {
      ...order,
      run: this.run,
      ...(user !== undefined && { user }),
    });
    return this.submit({ id, type: 'DicomWebWadoRetrieveClient', parameters, content: {} }, fields, request, reply);
  }

  private async submit(
    order: JobOrderRequest,
    fields: JobRequestFields,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    const answer = await this.jobs.submit(order, fields, request);
    if (fields.synchronous) return pluginJson(answer, reply);
    const { ID } = answer as { readonly ID: string };
    const Path = `../${wayUp(withSlashes(this.configuration.DicomWeb.Root))}jobs/${ID}`;
    return pluginJson({ ID, Path }, reply);
  }

  private body(request: FastifyRequest): Promise<Json | undefined> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    return readJson(request, { size, depth });
  }
}
