import type { JobObject } from '@annal/domain';
import { type AnnalConfiguration, OutgoingHttp, type OutgoingRequest } from '@annal/platform';
import { readArchiveTotals, type StatementRunner, unknownIdentifiers } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { ExportTrace } from '../../exports/export-trace.js';
import { isJsonObject, type JsonObject, parseJson } from '../../http/body/parse-json.js';
import { announcedSize, bodyChunks, readBody } from '../../http/body/read-body.js';
import { OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { JobAnswers } from '../../jobs/job-answers.service.js';
import { jobRequestFields } from '../../jobs/job-request.js';
import { viewInJob } from '../../remotes/web-service/web-service-view.js';
import { CONFIGURATION, POOL, RUN } from '../../tokens.js';
import { asRemoteError, isSuccess, protocolError } from '../../remotes/remote-failure.js';
import { isKept, lineIn, objectOf } from './peer-answers.js';
import { exportTo, PeerExports } from './peer-exports.service.js';
import { PEER_STORE } from './peer-store-job.js';
import { type PeerStoreOrder, resourcesOf, storeOptionsOf } from './peer-store-order.js';
import type { Peer } from './peer.js';
import { Peers } from './peers.service.js';
import { StraightFiles } from './straight-files.js';

const ANSWER = 64 * 1024;

/** Sends what is stored, or what is just posted, to peers. */
@Injectable()
export class PeerStore {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(RUN) private readonly run: string,
    @Inject(Peers) private readonly peers: Peers,
    @Inject(JobAnswers) private readonly jobs: JobAnswers,
    @Inject(OutgoingHttp) private readonly http: OutgoingHttp,
    @Inject(ExportTrace) private readonly trace: ExportTrace,
    @Inject(PeerExports) private readonly exports: PeerExports,
    @Inject(StraightFiles) private readonly straightFiles: StraightFiles,
  ) {}

  /**
   * Has resources sent by a job.
   * @throws OrthancError 404 for a peer or a resource that is not there; 400; 413; what the job failed with, if it is waited for
   */
  async store(name: string, request: FastifyRequest): Promise<object> {
    const { MaxJsonBodySize, MaxJsonDepth, MaxJobResources } = this.configuration.Annal.Limits;
    const text = (await readBody(request, MaxJsonBodySize)).toString('utf8');
    const json = parseJson(text, MaxJsonDepth);
    const body = isJsonObject(json) ? json : {};
    const resources = resourcesOf(text, json);
    const ids = [...new Set(resources)];
    const options = storeOptionsOf(body);
    // of several mistakes, the one that Orthanc says
    const peer = await this.peers.find(name);
    const fields = jobRequestFields(body, { synchronous: true, permissive: false });
    if (ids.length > MaxJobResources) throw tooLarge(`${MaxJobResources} resources in a request for a job`);
    if ((await unknownIdentifiers(this.pool, ids)).length > 0) throw new OrthancError('UnknownResource');
    const { asOf, instances } = await readArchiveTotals(this.pool, ids);
    const shownPeer = viewInJob(peer.parameters);
    const order: PeerStoreOrder = { ...options, peer: name, run: this.run, shownPeer, ids, asOf, instances };
    const parameters = order as unknown as JobObject;
    const listed = resources.length > 0 && this.configuration.LogExportedResources;
    return this.trace.byJob({ ...exportTo(peer), resources, listed }, order, request, (id) =>
      this.jobs.submit({ id, type: PEER_STORE, parameters, content: {} }, fields, request),
    );
  }

  /**
   * Hands a DICOM file on to a peer while it comes in; nothing of it is kept here.
   * @returns what the peer answered
   * @throws OrthancError 404 for a peer that is not there; 500 where it does not take the file
   */
  async straight(name: string, request: FastifyRequest): Promise<object> {
    const peer = await this.peers.find(name);
    const {
      MaxBodySize: received,
      MaxInflatedSize: inflated,
      MaxInflateRatio: ratio,
    } = this.configuration.Annal.Limits;
    const sent = this.straightFiles.watch(bodyChunks(request, { received, inflated, ratio }));
    const { stream } = sent;
    const length = announcedSize(request);
    const headers = { 'content-type': 'application/dicom' };
    const body = length === undefined ? { stream } : { stream, length };
    const [id, context] = [uuidv7(), eventContextOf(request, this.configuration.Name)];
    await this.exports.begun(id, peer, context);
    const stored = await this.handOn(peer, { method: 'POST', path: 'instances', headers, body }).catch(
      async (error: unknown) => {
        await this.exports.ended(id, peer, { outcome: 'failure', instances: 0, failed: 1 }, context, sent.line());
        throw asRemoteError(error);
      },
    );
    const line = sent.line() ?? lineIn(stored);
    const result = isKept(stored)
      ? ({ outcome: 'success', instances: 1, failed: 0 } as const)
      : ({ outcome: 'failure', instances: 0, failed: 1 } as const);
    await this.exports.ended(id, peer, result, context, line);
    return stored;
  }

  private async handOn({ name, endpoint }: Peer, request: OutgoingRequest): Promise<JsonObject> {
    const answer = await this.http.whole(endpoint, request, ANSWER);
    if (!isSuccess(answer.status)) throw protocolError(`Cannot send DICOM to remote peer: ${name}`);
    return objectOf(answer, name);
  }
}
