import { KNOWN_PARAMETERS, propertyText, type ServerParameters, withSlash } from './server-parameters.js';

/** How another server is reached, as everybody may see it: without passwords, and of its HTTP headers the names alone. */
export function viewServer(parameters: ServerParameters): object {
  const { Url, Username, HttpHeaders = {}, CertificateFile, Timeout = 0 } = parameters;
  const properties = Object.entries(parameters).filter(
    ([name, value]) => !KNOWN_PARAMETERS.includes(name) && value !== undefined,
  );
  const view = {
    ...Object.fromEntries(properties.map(([name, value]) => [name, propertyText(name, value)])),
    ...(CertificateFile !== undefined && {
      CertificateFile,
      CertificateKeyFile: null,
      CertificateKeyPassword: null,
    }),
    HttpHeaders: Object.keys(HttpHeaders).sort(),
    ...(Username !== undefined && { Password: null, Username }),
    Pkcs11: false,
    Timeout,
    Url: withSlash(Url),
  };
  return Object.fromEntries(Object.entries(view).sort(([a], [b]) => (a < b ? -1 : 1)));
}
