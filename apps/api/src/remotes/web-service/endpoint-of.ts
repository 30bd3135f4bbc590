import { type Endpoint, withScheme } from '@annal/platform';
import type { WebServiceParameters } from './web-service-parameters.js';

/** Where requests to another server go. */
export function endpointOf(parameters: WebServiceParameters): Endpoint {
  const { Url, Username, Password, HttpHeaders, CertificateFile, CertificateKeyFile, CertificateKeyPassword, Timeout } =
    parameters;
  return {
    url: withScheme(Url),
    ...(Username !== undefined && { username: Username }),
    ...(Password !== undefined && { password: Password }),
    ...(HttpHeaders !== undefined && { headers: HttpHeaders }),
    ...(CertificateFile !== undefined && { certificateFile: CertificateFile }),
    ...(CertificateKeyFile !== undefined && { certificateKeyFile: CertificateKeyFile }),
    ...(CertificateKeyPassword !== undefined && { certificateKeyPassword: CertificateKeyPassword }),
    ...(Timeout !== undefined && { timeout: Timeout }),
  };
}
