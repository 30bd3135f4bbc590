import type { ExportReport } from '@annal/domain';
import { type Endpoint, flagOf } from '@annal/platform';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { endpointOf } from '../../../remotes/web-service/endpoint-of.js';
import type { WebServiceParameters } from '../../../remotes/web-service/web-service-parameters.js';

/** Another DICOMweb server, and what can be asked of it. */
export interface RemoteServer {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Whether it takes DELETE. */
  readonly hasDelete: boolean;
  /** Whether it takes bodies in chunks; else they have a Content-Length. */
  readonly chunked: boolean;
  /** Whether WADO-RS knows `transfer-syntax=*`, which leaves files as they are stored. */
  readonly universal: boolean;
}

/** What all reports of something that is sent to it say. */
export function exportTo({ name, endpoint }: RemoteServer): Pick<ExportReport, 'protocol' | 'destination'> {
  return { protocol: 'stow-rs', destination: { kind: 'dicomweb', name, address: endpoint.url } };
}

/** @throws OrthancError 400 for a property that should be a Boolean and is none */
export function remoteServer(name: string, parameters: WebServiceParameters): RemoteServer {
  return {
    name,
    endpoint: endpointOf(parameters),
    hasDelete: flag(parameters, 'HasDelete', false),
    chunked: flag(parameters, 'ChunkedTransfers', true),
    universal: flag(parameters, 'HasWadoRsUniversalTransferSyntax', true),
  };
}

function flag(parameters: WebServiceParameters, name: string, absent: boolean): boolean {
  const value = parameters[name] ?? absent;
  const read = flagOf(value);
  if (read !== undefined) return read;
  const details = `Bad value for a Boolean user property in the parameters of a Web service: Property "${name}" equals: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  throw new OrthancError('BadFileFormat', details);
}
