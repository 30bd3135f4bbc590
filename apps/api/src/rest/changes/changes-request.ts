import { CHANGE_TYPES } from '@annal/projections';
import { OrthancError } from '../../http/errors/http-errors.js';
import { namesIn, type Query } from '../resources/list-request.js';

/** What a request for changes asks. */
export interface ChangesRequest {
  readonly since: number;
  readonly to?: number;
  readonly limit: number;
  /** Numbers of change types. */
  readonly types?: readonly number[];
}

const DEFAULT_LIMIT = 100;

/** Kinds of change that Orthanc knows, and nothing here brings about yet. */
const UNUSED = new Set(
  (
    'AnonymizedPatient AnonymizedSeries AnonymizedStudy CompletedSeries ModifiedPatient ModifiedSeries ModifiedStudy ' +
    'NewChildInstance'
  ).split(' '),
);

/** Numbers that are none count as not given, all of them, as Orthanc has it. @throws OrthancError 400 for an unknown type */
export function parseChangesRequest(query: Query): ChangesRequest {
  const names = namesIn(query.type);
  const types = names.length > 0 ? names.flatMap(typeNumbers) : undefined;
  const numbers = [query.since ?? '0', query.to ?? '-1', query.limit ?? String(DEFAULT_LIMIT)];
  if (!numbers.every((text) => /^-?\d{1,15}$/.test(text))) return { since: 0, limit: DEFAULT_LIMIT, types };
  const [since, to, limit] = numbers.map(Number) as [number, number, number];
  return { since, ...(to !== -1 && { to }), limit: limit < 0 ? DEFAULT_LIMIT : limit, types };
}

function typeNumbers(name: string): number[] {
  if (Object.hasOwn(CHANGE_TYPES, name)) return [CHANGE_TYPES[name as keyof typeof CHANGE_TYPES]];
  if (UNUSED.has(name)) return [];
  throw new OrthancError('ParameterOutOfRange', `Invalid value for a change: ${name}`);
}
