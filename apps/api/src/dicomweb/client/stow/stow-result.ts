import { isJsonObject, type Json, parseJson } from '../../../http/body/parse-json.js';
import { isSuccess, protocolError } from '../../../remotes/remote-failure.js';
import { jobRefusal } from '../requests/refusal.js';

/** An answer to STOW-RS. */
export interface StowAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** What was sent, and to whom. */
export interface SentBefore {
  readonly server: string;
  readonly instances: number;
  /** Whether some of it may have arrived before. */
  readonly again: boolean;
}

const FAILED_SOP_SEQUENCE = '00081198';
const REFERENCED_SOP_SEQUENCE = '00081199';
const OTHER_FAILURES_SEQUENCE = '0008119A';
const FAILURE_REASON = '00081197';
const REFERENCED_SOP_INSTANCE_UID = '00081155';
/** Duplicate SOP instance (PS3.18 section I.2.2): it is there. */
const DUPLICATE = 0x0111;

/**
 * Looks whether all that was sent arrived, as the answer says (PS3.18 section 10.5.3).
 * @param depth of nesting that is allowed in it
 * @throws OrthancError 500, saying what is missing
 */
export function checkStowAnswer(
  { status, body }: StowAnswer,
  { server, instances, again }: SentBefore,
  depth: number,
): void {
  const answer = dataSetOf(body, depth);
  const failed = answer ? items(answer, FAILED_SOP_SEQUENCE) : [];
  const others = answer ? items(answer, OTHER_FAILURES_SEQUENCE) : [];
  const reasons = [...failed, ...others].map(reasonOf);
  const there = again ? reasons.filter((reason) => reason === DUPLICATE).length : 0;
  if (reasons.length > there) {
    const codes = [...new Set(reasons.filter((reason) => reason !== undefined))].map(
      (reason) => `0x${reason.toString(16).toUpperCase().padStart(4, '0')}`,
    );
    const why = codes.length === 0 ? '' : ` (failure reason ${codes.slice(0, 10).join(', ')})`;
    throw protocolError(
      `The DICOMweb server "${server}" did not store ${reasons.length - there} of ${instances} instances${why}`,
    );
  }
  if (!isSuccess(status) && (there === 0 || status !== 409)) throw jobRefusal(status, server);
  if (!answer) {
    throw protocolError(`The STOW-RS JSON response from DICOMweb server "${server}" cannot be read`);
  }
  const arrived = items(answer, REFERENCED_SOP_SEQUENCE).length + there;
  if (arrived < instances) {
    throw protocolError(
      `The STOW-RS server was only able to receive ${arrived} instances out of ${instances}, as it says: "${server}"`,
    );
  }
}

/**
 * SOP Instance UIDs of what arrived, as an answer says that was no success.
 * @param again as above
 * @param depth as above
 */
export function arrivedUids({ body }: StowAnswer, again: boolean, depth: number): readonly string[] {
  const answer = dataSetOf(body, depth);
  if (!answer) return [];
  const there = again ? items(answer, FAILED_SOP_SEQUENCE).filter((item) => reasonOf(item) === DUPLICATE) : [];
  return [...items(answer, REFERENCED_SOP_SEQUENCE), ...there].flatMap((item) => {
    const uid = valueOf(item, REFERENCED_SOP_INSTANCE_UID);
    return typeof uid === 'string' ? [uid] : [];
  });
}

/** The one data set of the answer; undefined where it is none. */
function dataSetOf(body: Buffer, depth: number): Readonly<Record<string, Json>> | undefined {
  let answer: Json | undefined;
  try {
    answer = parseJson(body.toString('utf8'), depth);
  } catch {
    return undefined;
  }
  const dataSet = Array.isArray(answer) && answer.length === 1 ? answer[0] : answer;
  return isJsonObject(dataSet) ? dataSet : undefined;
}

function items(dataSet: Readonly<Record<string, Json>>, tag: string): readonly Json[] {
  const sequence = dataSet[tag] ?? dataSet[tag.toLowerCase()];
  return isJsonObject(sequence) && Array.isArray(sequence.Value) ? sequence.Value : [];
}

function reasonOf(item: Json): number | undefined {
  const value = Number(valueOf(item, FAILURE_REASON) ?? NaN);
  return Number.isInteger(value) ? value & 0xffff : undefined;
}

/** The first value of an attribute; undefined where it has none. */
function valueOf(item: Json, tag: string): Json | undefined {
  const attribute = isJsonObject(item) ? item[tag] : undefined;
  return isJsonObject(attribute) && Array.isArray(attribute.Value) ? attribute.Value[0] : undefined;
}
