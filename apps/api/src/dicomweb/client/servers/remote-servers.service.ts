import type { EventContext } from '@annal/domain';
import { GoogleAccounts } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { inOrder, Remotes } from '../../../remotes/remotes.service.js';
import { googleServer, googleView } from './google-server.js';
import { type RemoteServer, remoteServer } from './remote-server.js';
import type { WebServiceParameters } from '../../../remotes/web-service/web-service-parameters.js';
import { viewWebService } from '../../../remotes/web-service/web-service-view.js';

/** The other DICOMweb servers that this one is a client of, by their names; accounts of Google Cloud Platform among them. */
@Injectable()
export class RemoteServers {
  constructor(
    @Inject(Remotes) private readonly remotes: Remotes,
    @Inject(GoogleAccounts) private readonly google: GoogleAccounts,
  ) {}

  async names(): Promise<readonly string[]> {
    const known = await this.remotes.list('dicomweb');
    return [...new Set([...known, ...this.google.names])].sort(inOrder);
  }

  /** All of them as everybody may see them, by name. */
  async views(): Promise<object> {
    const all = await this.remotes.all('dicomweb');
    const views = new Map<string, object>([...all].map(([name, options]) => [name, viewWebService({ ...options })]));
    for (const name of this.google.names) views.set(name, googleView(this.google.endpointOf(name)!));
    return Object.fromEntries([...views].sort(([a], [b]) => inOrder(a, b)));
  }

  /** @param run that it is known in, where that is not the one of this server. @throws OrthancError 404 */
  async find(name: string, run?: string): Promise<RemoteServer> {
    const store = this.google.endpointOf(name);
    if (store) return googleServer(name, store);
    const options = await this.remotes.find('dicomweb', name, run);
    if (!options) throw new OrthancError('InexistentItem', `Inexistent server: ${name}`);
    return remoteServer(name, { ...options });
  }

  /** @throws OrthancError 400 for a name that none can have, or that an account has */
  async set(name: string, parameters: WebServiceParameters, context: EventContext): Promise<void> {
    this.refuseAccount(name);
    await this.remotes.set('dicomweb', name, parameters, context);
  }

  /** @throws OrthancError 400 where there is none, or for an account */
  async remove(name: string, context: EventContext): Promise<void> {
    this.refuseAccount(name);
    if (await this.remotes.remove('dicomweb', name, context)) return;
    throw new OrthancError('ParameterOutOfRange', `Unknown DICOMweb server: ${name}`);
  }

  private refuseAccount(name: string): void {
    if (!this.google.endpointOf(name)) return;
    throw new OrthancError('BadRequest', `An account of GoogleCloudPlatform, changed in the configuration: ${name}`);
  }
}
