import type { Endpoint } from '@annal/platform';
import { OrthancError } from '../../http/errors/http-errors.js';
import { endpointOf } from '../../remotes/web-service/endpoint-of.js';
import type { WebServiceParameters } from '../../remotes/web-service/web-service-parameters.js';

/** Another server with this REST API. */
export interface Peer {
  readonly name: string;
  readonly parameters: WebServiceParameters;
  readonly endpoint: Endpoint;
}

/** @throws OrthancError 501 for one that is reached by a security token in hardware, which is not served */
export function peerOf(name: string, parameters: WebServiceParameters): Peer {
  if (parameters.Pkcs11 === true) {
    throw new OrthancError('NotImplemented', 'Pkcs11 is not served: use CertificateFile and CertificateKeyFile');
  }
  return { name, parameters, endpoint: endpointOf(parameters) };
}

const NAME = /^[A-Za-z0-9_-]+$/;

/** @throws OrthancError 400 for a name that no peer may be given */
export function checkPeerName(name: string): void {
  if (NAME.test(name)) return;
  const rule = 'Only alphanumeric, dash characters and underscores are allowed in the names of modalities/peers';
  throw new OrthancError('BadFileFormat', `${rule}, but found: ${name}`);
}
