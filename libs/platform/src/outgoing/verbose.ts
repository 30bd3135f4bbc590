import type { Endpoint } from './endpoint.js';
import { headersOf, inSmallLetters } from './endpoint.js';
import { OutgoingError } from './outgoing-error.js';

/** Headers whose values are shown: any other may hold a secret, such as a cookie or a key. */
const SHOWN: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'if-modified-since',
  'if-none-match',
  'range',
  'user-agent',
]);

/** What HttpVerbose logs of a request: of the headers that the endpoint is configured with their names alone. */
export function describeRequest(
  { method, headers = {} }: { readonly method: string; readonly headers?: Readonly<Record<string, string>> },
  { origin, pathname }: URL,
  endpoint: Endpoint,
  outcome: { readonly status: number } | { readonly failure: string },
  ms: number,
): object {
  const given = Object.entries(inSmallLetters(headers)).map(([name, value]) => [name, SHOWN.has(name) ? value : '…']);
  const configured = Object.keys(headersOf(endpoint)).map((name) => [name, '…']);
  return {
    method,
    url: `${origin}${pathname}`,
    headers: { ...Object.fromEntries(given), ...Object.fromEntries(configured) } as object,
    ...outcome,
    ms: Math.round(ms),
  };
}

/** Why there is no answer, without what others put into the messages of their errors. */
export function failureOf(error: unknown): string {
  if (error instanceof OutgoingError) return error.message;
  return 'Given up by who sent it';
}
