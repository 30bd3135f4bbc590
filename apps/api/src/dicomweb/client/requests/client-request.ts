import { areHttpHeaders, NO_HTTP_HEADER } from '@annal/platform';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { isJsonObject, type Json, type JsonObject } from '../../../http/body/parse-json.js';

/** What the body of a request to the client says of the request that it wants sent. */
export interface ClientRequest {
  /** Below the URL of the other server, with its arguments. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const NO_URI =
  'A request to the DICOMweb client must provide a JSON object with the field "Uri" containing the URI of interest';
/** Those of a connection (RFC 9110 section 7.6.1), and those that follow from the body. */
const NOT_FREE = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `Uri`, `Arguments` and `HttpHeaders`. @throws OrthancError 400 as Orthanc says it */
export function clientRequest(body: Json | undefined): ClientRequest {
  const fields = jsonExpected(body);
  if (!isJsonObject(fields) || fields.Uri === undefined) throw bad(NO_URI);
  const uri = text(fields, 'Uri');
  if (uri.includes('?')) {
    throw bad(`The GET arguments must be provided in a separate field (explicit "?" is disallowed): ${uri}`);
  }
  if (leavesItsPath(uri)) throw bad(`The URI would leave the path of the server: ${uri}`);
  return {
    path: withArguments(uri.replace(/\/{2,}/g, '/'), texts(fields, 'Arguments')),
    headers: requestHeaders(fields),
  };
}

/** The headers that a body wants sent. @throws OrthancError 400 */
export function requestHeaders(body: JsonObject): Readonly<Record<string, string>> {
  const headers = texts(body, 'HttpHeaders');
  if (!areHttpHeaders(headers)) throw bad(NO_HTTP_HEADER);
  for (const name of Object.keys(headers)) {
    if (NOT_FREE.has(name.toLowerCase())) throw bad(`This header cannot be set by HttpHeaders: ${name}`);
  }
  return headers;
}

/** The arguments of the query that a body wants sent. @throws OrthancError 400 */
export function requestArguments(body: JsonObject): Readonly<Record<string, string>> {
  return texts(body, 'Arguments');
}

/** A path with arguments, percent-encoded. */
export function withArguments(path: string, values: Readonly<Record<string, string>>): string {
  const query = Object.entries(values).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** The body, which must be JSON. @throws OrthancError 400 */
export function jsonExpected(body: Json | undefined): Json {
  if (body === undefined) throw bad('A JSON file was expected');
  return body;
}

/** A field that must be a text. @throws OrthancError 400 */
export function text(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw bad(`The field "${name}" in a JSON object should be a string`);
  return value;
}

/** Whether paths keep a segment as it is: nothing, `.` and `..` would name what is above (RFC 3986 section 5.2.4). */
export function isSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..';
}

/** Whether a URL would lead above its base: as URLs are read, without control characters, and with backslashes as slashes. */
function leavesItsPath(uri: string): boolean {
  const segments = uri.replace(/[^!-\uffff]/g, '').split(/[/\\#]/);
  return segments.some((segment) => segment !== '' && !isSegment(segment.replace(/%2e/gi, '.')));
}

/** 400 for a body that is not as it should be. */
export function bad(details?: string): OrthancError {
  return new OrthancError('BadFileFormat', details);
}

/** All but unreserved characters (RFC 3986 section 2.3), half characters of UTF-16 replaced. */
function encoded(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function texts(body: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = body[name];
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw bad('The JSON object is not a JSON associative array as expected');
  for (const [key, each] of Object.entries(value)) {
    if (typeof each !== 'string') throw bad(`Value "${key}" in the associative array is not a string as expected`);
  }
  return value as Record<string, string>;
}
