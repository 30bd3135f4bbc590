import { isOrthancIdentifier, type ResourceLine } from '@annal/domain';
import type { WholeAnswer } from '@annal/platform';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../http/body/parse-json.js';
import { protocolError } from '../../remotes/remote-failure.js';

/** Levels of JSON in what a peer answers. */
const DEPTH = 64;

/** What a status that is no success means. */
export function describeStatus({ status }: Pick<WholeAnswer, 'status'>, peer: string): string {
  const why = status === 401 || status === 403 ? ', so it does not accept the login' : '';
  return `The peer ${peer} answered with HTTP status ${status}${why}`;
}

/** The answer as an object of JSON, as all are that this REST API answers with here. @throws OrthancError 500 */
export function objectOf({ body }: Pick<WholeAnswer, 'body'>, peer: string): JsonObject {
  let json: Json | undefined;
  try {
    json = parseJson(body.toString('utf8'), DEPTH);
  } catch {
    // nested too deeply
  }
  if (isJsonObject(json)) return json;
  throw protocolError(`The answer of the peer ${peer} is none of an Orthanc server`);
}

/** Whether an answer to an upload says that the peer has the instance: with 200 it may also say that it did not keep it. */
export function isKept({ Status }: JsonObject): boolean {
  return Status === 'Success' || Status === 'AlreadyStored';
}

/** The instance that an answer to an upload names, with those above it; undefined where it names none. */
export function lineIn({ ID, ParentPatient, ParentStudy, ParentSeries }: JsonObject): ResourceLine | undefined {
  const [id, patient, study, series] = [ID, ParentPatient, ParentStudy, ParentSeries].map((one) =>
    typeof one === 'string' && isOrthancIdentifier(one) ? one : undefined,
  );
  return id && patient && study && series ? { level: 'Instance', id, patient, study, series } : undefined;
}
