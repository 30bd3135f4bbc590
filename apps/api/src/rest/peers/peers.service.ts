import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { EventContext } from '@annal/domain';
import { type AnnalConfiguration, OutgoingHttp } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { Json } from '../../http/body/read-json.js';
import { Remotes } from '../../remotes/remotes.service.js';
import { viewWebService } from '../../remotes/web-service/web-service-view.js';
import { type WebServiceParameters, webServiceParameters } from '../../remotes/web-service/web-service-parameters.js';
import { CONFIGURATION } from '../../tokens.js';
import { asRemoteError, isSuccess } from '../../remotes/remote-failure.js';
import { describeStatus, objectOf } from './peer-answers.js';
import { checkPeerName, type Peer, peerOf } from './peer.js';

/** The other servers with this REST API, by their names. */
@Injectable()
export class Peers {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(Remotes) private readonly remotes: Remotes,
    @Inject(OutgoingHttp) private readonly http: OutgoingHttp,
  ) {}

  names(): Promise<readonly string[]> {
    return this.remotes.list('peer');
  }

  /** All of them as everybody may see them, by name. */
  async views(): Promise<object> {
    const all = await this.remotes.all('peer');
    return Object.fromEntries([...all].map(([name, options]) => [name, viewWebService({ ...options })]));
  }

  async isKnown(name: string): Promise<boolean> {
    return (await this.remotes.find('peer', name)) !== null;
  }

  /** @throws OrthancError 404 */
  async view(name: string): Promise<object> {
    return viewWebService(await this.parametersOf(name));
  }

  /** @param run that it is known in, where that is not the one of this server. @throws OrthancError 404 */
  async find(name: string, run?: string): Promise<Peer> {
    return peerOf(name, await this.parametersOf(name, run));
  }

  /** @throws OrthancError 400 for what is no peer, or no name; 404 for a certificate that is not there */
  async set(name: string, body: Json, context: EventContext): Promise<void> {
    checkPeerName(name);
    const parameters = webServiceParameters(body);
    await Promise.all([parameters.CertificateFile, parameters.CertificateKeyFile].map(checkFile));
    await this.remotes.set('peer', name, parameters, context);
  }

  /** @throws OrthancError 404 */
  async remove(name: string, context: EventContext): Promise<void> {
    if (await this.remotes.remove('peer', name, context)) return;
    throw new OrthancError('InexistentItem', `Unknown Orthanc peer: ${name}`);
  }

  /** What `/system` of a peer answers, JSON. @throws OrthancError 404; 500 where it does not answer */
  async system(name: string): Promise<Buffer> {
    const { endpoint } = await this.find(name);
    const { MaxRemoteAnswerSize } = this.configuration.Annal.Limits;
    const answer = await this.http
      .whole(endpoint, { method: 'GET', path: 'system' }, MaxRemoteAnswerSize)
      .catch((error: unknown) => Promise.reject(asRemoteError(error) as Error));
    if (!isSuccess(answer.status)) throw new OrthancError('BadHttpStatusInRest', describeStatus(answer, name));
    objectOf(answer, name);
    return answer.body;
  }

  private async parametersOf(name: string, run?: string): Promise<WebServiceParameters> {
    const options = await this.remotes.find('peer', name, run);
    if (!options) throw new OrthancError('UnknownResource', `No peer with symbolic name: ${name}`);
    return { ...options };
  }
}

/** @throws OrthancError 404 */
async function checkFile(file: string | undefined): Promise<void> {
  if (file === undefined || file === '') return;
  await access(file, constants.R_OK).catch(() => {
    throw new OrthancError('InexistentFile', 'Cannot open a file of the client certificate');
  });
}
