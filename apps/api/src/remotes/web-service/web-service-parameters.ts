import { areHttpHeaders, NO_HTTP_HEADER, WEB_SERVICE_PARAMETERS, whyNoServerUrl } from '@annal/platform';
import { OrthancError } from '../../http/errors/http-errors.js';
import { isJsonObject, type Json, type JsonObject } from '../../http/body/parse-json.js';

/** How another server is reached over HTTP, as it is kept: what Orthanc knows, and what users add, as texts. */
export interface WebServiceParameters {
  /** With a slash at its end. */
  readonly Url: string;
  readonly Username?: string;
  readonly Password?: string;
  readonly HttpHeaders?: Readonly<Record<string, string>>;
  readonly CertificateFile?: string;
  readonly CertificateKeyFile?: string;
  readonly CertificateKeyPassword?: string;
  /** Seconds. */
  readonly Timeout?: number;
  readonly [property: string]: unknown;
}

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * The short form (`[URL]`, `[URL, user, password]`) or the long one of another server, as a request sets it.
 * @throws OrthancError 400 as Orthanc says it; also for `Pkcs11`, which is not served
 */
export function webServiceParameters(body: Json | undefined): WebServiceParameters {
  if (body === undefined) throw new OrthancError('BadFileFormat', 'A JSON file was expected');
  if (Array.isArray(body)) return fromList(body);
  if (!isJsonObject(body)) throw bad();
  return fromObject(body);
}

function fromList(list: readonly Json[]): WebServiceParameters {
  const [url, user, password] = list;
  if ((list.length !== 1 && list.length !== 3) || !list.every((each) => typeof each === 'string')) throw bad();
  return fromObject({ Url: url!, ...(list.length === 3 && { Username: user!, Password: password! }) });
}

function fromObject(body: JsonObject): WebServiceParameters {
  const { Username, Password, CertificateFile, Timeout, Pkcs11 } = body;
  if (Pkcs11 !== undefined && typeof Pkcs11 !== 'boolean') throw bad('Boolean value expected in field: Pkcs11');
  if (Pkcs11 === true) {
    throw bad('Pkcs11 is not served: use CertificateFile and CertificateKeyFile for client certificates');
  }
  const texts = ['Username', 'Password', 'CertificateFile', 'CertificateKeyFile', 'CertificateKeyPassword'];
  const given = texts.filter((name) => body[name] !== undefined && body[name] !== null);
  if (!given.every((name) => typeof body[name] === 'string')) throw bad();
  if (Password !== undefined && Username === undefined) throw bad('There is a Password without a Username');
  // as Orthanc does: without a certificate its key is nothing
  const kept = given.filter((name) => CertificateFile !== undefined || !name.startsWith('Certificate'));
  if (Timeout !== undefined && !isTimeout(Timeout)) throw bad('Integer value expected in field: Timeout');
  return {
    // Orthanc reads both
    Url: urlOf(body.Url || (body.URL ?? '')),
    ...Object.fromEntries(kept.map((name) => [name, body[name]])),
    ...(body.HttpHeaders !== undefined && { HttpHeaders: headersOf(body.HttpHeaders) }),
    ...(Timeout !== undefined && { Timeout: Timeout as number }),
    ...Object.fromEntries(
      Object.entries(body)
        .filter(([name]) => !WEB_SERVICE_PARAMETERS.includes(name))
        .map(([name, value]) => [name, propertyText(name, value)]),
    ),
  };
}

function urlOf(url: Json): string {
  if (typeof url !== 'string') throw bad();
  if (url === '') throw bad('Empty URL');
  const why = whyNoServerUrl(url);
  if (why) throw bad(why === 'scheme' ? `Bad URL: ${url}` : 'The Url is none');
  return withSlash(url);
}

/** The URL with a slash at its end. */
export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function headersOf(headers: Json): Record<string, string> {
  if (!isJsonObject(headers)) throw bad();
  for (const value of Object.values(headers)) if (typeof value !== 'string') throw bad();
  const texts = headers as Record<string, string>;
  // Orthanc takes them, and no request to that server succeeds
  if (!areHttpHeaders(texts)) throw bad(NO_HTTP_HEADER);
  return texts;
}

function isTimeout(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LONGEST_TIMEOUT;
}

/** A property that users add, as the text that it is kept as. @throws OrthancError 400 */
export function propertyText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Number.isInteger(value)) return String(value);
  throw bad(`User-defined properties associated with a Web service must be strings: ${name}`);
}

function bad(details?: string): OrthancError {
  return new OrthancError('BadFileFormat', details);
}
