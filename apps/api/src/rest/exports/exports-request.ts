import type { Query } from '../resources/list-request.js';

/** What a request for the list of exports asks. */
export interface ExportsRequest {
  readonly since: number;
  readonly limit: number;
}

const DEFAULT_LIMIT = 100;

/** Numbers that are none count as not given, both of them, as Orthanc has it; a negative limit is none. */
export function parseExportsRequest({ since: from = '0', limit: most = String(DEFAULT_LIMIT) }: Query): ExportsRequest {
  if (![from, most].every((text) => /^-?\d{1,15}$/.test(text))) return { since: 0, limit: DEFAULT_LIMIT };
  const [since, limit] = [Number(from), Number(most)];
  return { since, limit: limit < 0 ? Number.MAX_SAFE_INTEGER : limit };
}
