import type { EventContext } from '@annal/domain';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { Remotes } from '../../../remotes/remotes.service.js';
import { type RemoteServer, remoteServer } from './remote-server.js';
import type { ServerParameters } from './server-parameters.js';
import { viewServer } from './server-view.js';

/** The other DICOMweb servers that this one is a client of, by their names. */
@Injectable()
export class RemoteServers {
  constructor(@Inject(Remotes) private readonly remotes: Remotes) {}

  names(): Promise<readonly string[]> {
    return this.remotes.list('dicomweb');
  }

  /** All of them as everybody may see them, by name. */
  async views(): Promise<object> {
    const all = await this.remotes.all('dicomweb');
    return Object.fromEntries([...all].map(([name, options]) => [name, viewServer({ ...options })]));
  }

  /** @throws OrthancError 404 */
  async find(name: string): Promise<RemoteServer> {
    const options = await this.remotes.find('dicomweb', name);
    if (!options) throw new OrthancError('InexistentItem', `Inexistent server: ${name}`);
    return remoteServer(name, { ...options });
  }

  /** @throws OrthancError 400 for a name that none can have */
  async set(name: string, parameters: ServerParameters, context: EventContext): Promise<void> {
    await this.remotes.set('dicomweb', name, parameters, context);
  }

  /** @throws OrthancError 400 where there is none */
  async remove(name: string, context: EventContext): Promise<void> {
    if (await this.remotes.remove('dicomweb', name, context)) return;
    throw new OrthancError('ParameterOutOfRange', `Unknown DICOMweb server: ${name}`);
  }
}
