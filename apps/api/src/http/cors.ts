import type { AnnalConfiguration } from '@annal/platform';
import type { IncomingMessage, ServerResponse } from 'node:http';

type CorsOptions = AnnalConfiguration['Annal']['Cors'];

const METHODS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';
/** What pages may read of an answer, beside what they always may. */
const EXPOSED =
  'Allow, Content-Disposition, Content-Encoding, Content-Length, Content-Location, Content-Range, Content-Type, ' +
  'ETag, Link, Location, Retry-After, Warning';

/**
 * Lets web pages of the allowed origins use the server (WHATWG Fetch, section 3.3). A page that is not allowed gets its
 * answer without these headers, and its browser keeps it from the page.
 */
export class Cors {
  private readonly origins: ReadonlySet<string>;

  constructor(private readonly options: CorsOptions) {
    this.origins = new Set(options.AllowedOrigins.map((origin) => (origin === '*' ? origin : new URL(origin).origin)));
  }

  /** Writes the headers of an answer; returns whether it is one to a preflight request, and is sent. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = request.headers;
    if (this.origins.size === 0) return false;
    // caches may not give one page what was allowed to another
    response.setHeader('Vary', 'Origin');
    if (origin === undefined || !this.allows(origin)) return false;
    const any = this.origins.has('*');
    response.setHeader('Access-Control-Allow-Origin', any ? '*' : origin);
    if (this.options.AllowCredentials) response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      response.setHeader('Access-Control-Expose-Headers', EXPOSED);
      return false;
    }
    const wanted = request.headers['access-control-request-headers'];
    response.writeHead(204, {
      'Access-Control-Allow-Methods': METHODS,
      // names of headers, as the browser lists them
      ...(typeof wanted === 'string' && /^[\w!#$%&'*+.^`|~, -]+$/.test(wanted)
        ? { 'Access-Control-Allow-Headers': wanted }
        : {}),
      'Access-Control-Max-Age': this.options.MaxAge,
      Vary: 'Origin, Access-Control-Request-Headers',
    });
    response.end();
    return true;
  }

  /** Whether pages of an origin, where the browser tells one, may use the server. */
  allows(origin: string | undefined): boolean {
    return this.origins.has('*') || (origin !== undefined && this.origins.has(origin));
  }
}
