import type { Page } from '@annal/projections';
import { OrthancError } from '../../http/errors/http-errors.js';
import { EXPANDED, parseContents, type ResourceContents } from './resource-contents.js';

/** The parameters of a request's query. */
export type Query = Readonly<Record<string, string | undefined>>;

/** A parameter that may be given alone. @throws OrthancError 400 for another value than `true`, `1`, `false`, `0` */
export function isOn(query: Query, name: string, absent = false): boolean {
  const value = query[name];
  if (value === undefined) return absent;
  if (value === '' || value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new OrthancError('ParameterOutOfRange', `Expected a Boolean for GET argument "${name}", found: ${value}`);
}

/** The names in a list separated by semicolons. */
export function namesIn(list: string | undefined): readonly string[] {
  return (list ?? '').split(';').filter((name) => name !== '');
}

/** The tags that `requestedTags` or `requested-tags` names. */
export function requestedNames(query: Query): readonly string[] {
  return namesIn(query['requested-tags'] ?? query.requestedTags);
}

/** What a list shows of each resource; undefined: only the identifiers. @throws OrthancError 400 */
export function contentsOf(query: Query): ResourceContents | undefined {
  const named = query['response-content'];
  if (named !== undefined) return parseContents(namesIn(named));
  return isOn(query, 'expand') ? EXPANDED : undefined;
}

/**
 * `since` and `limit`, which go together; a limit of 0 is none.
 * @param path of the list, for the message
 * @throws OrthancError 400
 */
export function pageOf(query: Query, path: string): Page {
  const { since, limit } = query;
  if (since === undefined && limit === undefined) return {};
  const missing = since === undefined ? 'since' : limit === undefined ? 'limit' : undefined;
  if (missing !== undefined) {
    throw new OrthancError('BadRequest', `Missing "${missing}" argument for GET request against: ${path}/`);
  }
  const [skipped, count] = [countIn(since!), countIn(limit!)];
  return { since: skipped, ...(count > 0 && { limit: count }) };
}

function countIn(text: string): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(count)) throw new OrthancError('BadParameterType', '"since" and "limit" are counts, 0 or more');
  return count;
}
