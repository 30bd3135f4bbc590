import type { DicomDictionary } from '@annal/dicom';
import { type AnnalConfiguration, type OutgoingAnswer, OutgoingHttp } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { isJsonObject, type Json } from '../../../http/body/parse-json.js';
import { CONFIGURATION, DICTIONARY } from '../../../tokens.js';
import { RemoteServers } from '../servers/remote-servers.service.js';
import { accepting } from './accepting.js';
import { bad, type ClientRequest, requestHeaders } from './client-request.js';
import { deletionPath } from './deletion-path.js';
import { flatAttributes } from './flat-attributes.js';
import { asRemoteError, isSuccess } from '../../../remotes/remote-failure.js';
import { refusal } from './refusal.js';

/** Requests to other DICOMweb servers that are answered with what these answer. */
@Injectable()
export class RemoteRequests {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(OutgoingHttp) private readonly http: OutgoingHttp,
    private readonly servers: RemoteServers,
  ) {}

  /**
   * The answer to a GET as it comes.
   * @param gone aborted when nobody waits for it any more
   * @throws OrthancError 404 for a server that nobody knows; 400, 401, 404, 500 for what it refuses
   */
  async get(name: string, { path, headers }: ClientRequest, gone: AbortSignal): Promise<OutgoingAnswer> {
    const { endpoint } = await this.servers.find(name);
    const request = { method: 'GET', path, headers: accepting('*/*', headers, endpoint), signal: gone };
    const answer = await this.http.request(endpoint, request).catch(rethrown);
    if (isSuccess(answer.status)) return answer;
    answer.body.on('error', () => undefined).destroy();
    throw refusal(answer.status, name);
  }

  /** The answer of QIDO-RS, see `flatAttributes`. @throws OrthancError as `get` */
  async qido(name: string, { path, headers }: ClientRequest, gone: AbortSignal): Promise<readonly object[]> {
    const { MaxRemoteAnswerSize, MaxJsonDepth } = this.configuration.Annal.Limits;
    const { endpoint } = await this.servers.find(name);
    const asked = accepting('application/dicom+json', headers, endpoint);
    const request = { method: 'GET', path, headers: asked, signal: gone };
    const { status, body } = await this.http.whole(endpoint, request, MaxRemoteAnswerSize).catch(rethrown);
    if (!isSuccess(status)) throw refusal(status, name);
    // PS3.18 section 10.6.3: nothing was found
    if (status === 204) return [];
    return flatAttributes(body, MaxJsonDepth, this.dictionary);
  }

  /** Has something deleted. @throws OrthancError 400 where the server has no `HasDelete`, and as `get` */
  async delete(name: string, body: Json | undefined): Promise<void> {
    const { endpoint, hasDelete } = await this.servers.find(name);
    if (!hasDelete) throw bad(`Cannot delete on DICOMweb server, check out property "HasDelete": ${name}`);
    const path = deletionPath(body);
    const headers = isJsonObject(body) ? requestHeaders(body) : {};
    const { MaxRemoteAnswerSize } = this.configuration.Annal.Limits;
    const request = { method: 'DELETE', path, headers };
    const { status } = await this.http.whole(endpoint, request, MaxRemoteAnswerSize).catch(rethrown);
    if (!isSuccess(status)) throw refusal(status, name);
  }
}

function rethrown(error: unknown): never {
  throw asRemoteError(error);
}
