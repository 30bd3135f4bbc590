import { type RequestSpec } from '../load/work.js';
import { between, randomFrom } from '../archive/random.js';
import { getJson } from '../servers/server.js';
import { growingStudy } from './growing-archive.js';

const SAMPLES = 100;
const WILDCARDS = ['SMITH*', '*AYLOR*', 'JON*', '*SCHER^*', 'PATEL^A*', '*MOREAU*', 'KOWAL*', '*OSSI^M*'];

/** A GET. */
export function get(path: string): RequestSpec {
  return { method: 'GET', path };
}

/** A search at study level. */
export function find(query: object, rest: object = {}): RequestSpec {
  return { method: 'POST', path: '/tools/find', body: JSON.stringify({ Level: 'Study', Query: query, ...rest }) };
}

/** Some of a server's resources, one request each. */
export async function singles(url: string, level: string): Promise<RequestSpec[]> {
  const ids = await getJson<string[]>(url, `/${level}`);
  const random = randomFrom(ids.length);
  return Array.from({ length: SAMPLES }, () => get(`/${level}/${ids[between(random, 0, ids.length - 1)]}`));
}

/** Searches for one study or patient each. */
export function findsById(studies: number, rest: object): RequestSpec[] {
  const random = randomFrom(studies + 1);
  return Array.from({ length: SAMPLES }, (_, index) => {
    const { uid, patientId } = growingStudy(between(random, 0, studies - 1));
    return index % 2 === 0 ? find({ StudyInstanceUID: uid }, rest) : find({ PatientID: patientId }, rest);
  });
}

/** Searches by patient names with wildcards, about one study in thirty matching. */
export function findsByName(rest: object): RequestSpec[] {
  return WILDCARDS.map((name) => find({ PatientName: name }, rest));
}

/** Searches by study dates of a month, about one study in 120 matching. */
export function findsByDate(rest: object): RequestSpec[] {
  return Array.from({ length: 12 }, (_, index) => {
    const month = `${2016 + (index % 8)}${String(index + 1).padStart(2, '0')}`;
    return find({ StudyDate: `${month}01-${month}28` }, rest);
  });
}
