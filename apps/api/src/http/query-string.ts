import { parse } from 'node:querystring';

const MAX_PARAMETERS = 1000;

/** The parameters of a query, percent-decoded; of one that is given twice the last counts, as in Orthanc. */
export function parseQuery(query: string): Record<string, string> {
  const result = Object.create(null) as Record<string, string>;
  if (query === '') return result;
  for (const [name, value] of Object.entries(parse(query, '&', '=', { maxKeys: MAX_PARAMETERS }))) {
    result[name] = Array.isArray(value) ? value.at(-1)! : (value ?? '');
  }
  return result;
}

/** All parameters of a request's query in their order, percent-decoded: one may be there more than once. */
export function queryPairs(url: string): readonly (readonly [name: string, value: string])[] {
  const mark = url.indexOf('?');
  if (mark < 0) return [];
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(parse(url.slice(mark + 1), '&', '=', { maxKeys: MAX_PARAMETERS }))) {
    for (const each of [value ?? ''].flat()) pairs.push([name, each]);
  }
  return pairs;
}
