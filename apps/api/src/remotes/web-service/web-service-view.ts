import type { JobJson } from '@annal/domain';
import { WEB_SERVICE_PARAMETERS } from '@annal/platform';
import { propertyText, type WebServiceParameters, withSlash } from './web-service-parameters.js';

/** How another server is reached, as everybody may see it: without passwords, and of its HTTP headers the names alone. */
export function viewWebService(parameters: WebServiceParameters): object {
  const { HttpHeaders = {}, Username = '' } = parameters;
  return sorted({
    ...general(parameters),
    ...(parameters.CertificateFile !== undefined && { CertificateKeyFile: null, CertificateKeyPassword: null }),
    HttpHeaders: Object.keys(HttpHeaders).sort(),
    ...(Username !== '' && { Password: null }),
  });
}

/** The same as jobs show it: in the short form where that says all. */
export function viewInJob(parameters: WebServiceParameters): JobJson {
  const { Username = '', HttpHeaders = {}, CertificateFile, Timeout = 0 } = parameters;
  const headers = Object.keys(HttpHeaders);
  const isShort = headers.length === 0 && CertificateFile === undefined && Timeout === 0;
  const url = publicUrl(parameters.Url);
  if (isShort && propertiesOf(parameters).length === 0) return Username === '' ? [url] : [url, Username, ''];
  // their values may be tokens
  const hidden = Object.fromEntries(headers.sort().map((name) => [name, null]));
  return sorted({ ...general(parameters), HttpHeaders: hidden }) as JobJson;
}

function general(parameters: WebServiceParameters): Record<string, unknown> {
  const { Url, Username = '', CertificateFile, Timeout = 0 } = parameters;
  return {
    ...Object.fromEntries(propertiesOf(parameters).map(([name, value]) => [name, propertyText(name, value)])),
    ...(CertificateFile !== undefined && { CertificateFile }),
    Pkcs11: false,
    Timeout,
    Url: publicUrl(Url),
    ...(Username !== '' && { Username }),
  };
}

function propertiesOf(parameters: WebServiceParameters): readonly (readonly [string, unknown])[] {
  return Object.entries(parameters).filter(
    ([name, value]) => !WEB_SERVICE_PARAMETERS.includes(name) && value !== undefined,
  );
}

/** Without the password that may stand in it. */
function publicUrl(url: string): string {
  if (!url.includes('@') || !URL.canParse(url)) return withSlash(url);
  const shown = new URL(url);
  shown.password = '';
  return withSlash(shown.href);
}

function sorted(view: object): object {
  return Object.fromEntries(Object.entries(view).sort(([a], [b]) => (a < b ? -1 : 1)));
}
