import type { AnnalConfiguration } from '@annal/platform';
import type { IncomingMessage } from 'node:http';
import type { Cors } from '../cors.js';

/** Methods that browsers send for a page of another site without asking first (WHATWG Fetch, section 2.2.1). */
const UNASKED_METHODS = new Set(['GET', 'HEAD', 'POST']);
/** Media types of bodies that they send so (section 2.2.2, "CORS-safelisted request-header"), beside none. */
const UNASKED_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);

/**
 * Tells requests by which a page of another site may act for a user whose name and password the browser remembers, or
 * whose network it is in: they would change something, the browser says that they come from another site, and it did
 * not ask whether it may send them. See docs/decisions/0028-pages-of-other-sites-ask-first.md.
 */
export class ForgedRequests {
  constructor(
    private readonly options: AnnalConfiguration['Annal']['Cors'],
    private readonly cors: Cors,
  ) {}

  /** @param method that is meant, where another one is sent */
  mayBe({ method: sent = '', headers }: IncomingMessage, method: string): boolean {
    if (method === 'GET' || method === 'OPTIONS' || this.options.AllowCrossSitePosts) return false;
    if (headers['sec-fetch-site'] !== 'cross-site' || this.cors.allows(headers.origin)) return false;
    // with this header, another method or another type, it asked
    if (headers['x-http-method-override'] !== undefined || !UNASKED_METHODS.has(sent)) return false;
    const type = headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase();
    return type === undefined || UNASKED_TYPES.has(type);
  }
}
