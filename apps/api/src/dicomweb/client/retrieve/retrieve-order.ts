import { tooLarge } from '../../../http/errors/http-errors.js';
import { isJsonObject, type Json } from '../../../http/body/parse-json.js';
import { resourcePath } from '../../common/web-paths.js';
import {
  bad,
  type ClientRequest,
  isSegment,
  jsonExpected,
  requestArguments,
  requestHeaders,
  text,
  withArguments,
} from '../requests/client-request.js';

/** What a job is to retrieve from another server. */
export interface RetrieveOrder {
  readonly server: string;
  /** The run of this server in which the other one is known so; absent in orders of before it was noted. */
  readonly run?: string;
  /** Of resources below the URL of the server, with their arguments. */
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** Who asked for it. */
  readonly user?: string;
}

/**
 * `Resources` as DICOM identifiers: `Study`, with it `Series`, with both `Instance`; `Arguments`; `HttpHeaders`.
 * @param most resources
 * @throws OrthancError 400 as Orthanc says it; 413
 */
export function retrieveOrder(server: string, body: Json | undefined, most: number): RetrieveOrder {
  const fields = jsonExpected(body);
  if (!isJsonObject(fields)) throw bad('This is not a JSON object');
  const { Resources } = fields;
  if (!Array.isArray(Resources)) throw bad('The body must be a JSON object containing an array "Resources"');
  if (Resources.length > most) throw tooLarge(`${most} resources in a request for a job`);
  const values = requestArguments(fields);
  const paths = Resources.map((resource) => withArguments(pathOf(resource), values));
  return { server, paths, headers: requestHeaders(fields) };
}

/** The order of one request of WADO-RS. */
export function wadoOrder(server: string, { path, headers }: ClientRequest): RetrieveOrder {
  return { server, paths: [path], headers };
}

function pathOf(resource: Json): string {
  if (!isJsonObject(resource)) throw bad();
  const field = (name: string): string | undefined => (resource[name] === undefined ? undefined : text(resource, name));
  const [study, series, instance] = [field('Study'), field('Series'), field('Instance')];
  if (!study) throw bad('Missing "Study" field in the body');
  // an empty one counts as absent
  if (![study, series, instance].every((uid) => !uid || isSegment(uid)))
    throw bad('A resource is named by what is no UID');
  if (!series && instance) throw bad('Missing "Series" field in the body, as "Instance" is present');
  return resourcePath({ study, ...(series && { series }), ...(series && instance && { instance }) });
}
