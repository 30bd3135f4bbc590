import type { Endpoint } from './endpoint.js';
import { headersOf, inSmallLetters } from './endpoint.js';

/** What HttpVerbose logs of a request: of the headers that the endpoint is configured with their names alone. */
export function describeRequest(
  { method, headers = {} }: { readonly method: string; readonly headers?: Readonly<Record<string, string>> },
  { origin, pathname }: URL,
  endpoint: Endpoint,
  status: number,
  ms: number,
): object {
  const hidden = Object.fromEntries(Object.keys(headersOf(endpoint)).map((name) => [name, '…']));
  return {
    method,
    url: `${origin}${pathname}`,
    headers: { ...inSmallLetters(headers), ...hidden },
    status,
    ms: Math.round(ms),
  };
}
