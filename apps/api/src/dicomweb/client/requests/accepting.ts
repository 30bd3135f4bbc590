import type { Endpoint } from '@annal/platform';

type Headers = Readonly<Record<string, string>>;

/** The headers of a request with this `Accept`, unless they, or those of the server, have one. */
export function accepting(accept: string, headers: Headers, endpoint: Pick<Endpoint, 'headers'>): Headers {
  const names = Object.keys({ ...endpoint.headers, ...headers });
  return names.some((name) => name.toLowerCase() === 'accept') ? headers : { ...headers, accept };
}
