import type { Endpoint } from '@annal/platform';
import type { RemoteServer } from './remote-server.js';
import { viewWebService } from '../../../remotes/web-service/web-service-view.js';

/** An account of Google Cloud Platform as a DICOMweb server. Whether something may be deleted, its role there decides. */
export function googleServer(name: string, endpoint: Endpoint): RemoteServer {
  return { name, endpoint, hasDelete: true, chunked: true, universal: true };
}

/** The same as everybody may see it. */
export function googleView({ url, timeout }: Endpoint): object {
  return viewWebService({ Url: url, HasDelete: true, HttpHeaders: { Authorization: '' }, Timeout: timeout });
}
