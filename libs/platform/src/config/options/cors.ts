import { listOf } from '../types/collections.js';
import { boolean, integer, pattern } from '../types/scalars.js';
import { option, section } from '../option.js';

const origin = pattern('an origin as "https://viewer.example.org", or "*"', /^(?:\*|https?:\/\/[^\s/?#,;]+)$/);

/** Web pages of other origins as clients (WHATWG Fetch, section 3.3 "CORS protocol"). */
export const CORS_OPTIONS = section('Web pages of other origins that may use the HTTP server from a browser (CORS).', {
  AllowedOrigins: option(
    listOf(origin),
    [],
    'used',
    'Scheme, host and port of these pages, e.g. "https://viewer.example.org"; "*": any. None: browsers keep them all out.',
  ),
  AllowCredentials: option(
    boolean,
    false,
    'used',
    'Whether browsers may send cookies, and names and passwords that they remember, with requests of these pages.',
  ),
  AllowCrossSitePosts: option(
    boolean,
    false,
    'used',
    'Whether also pages that are not allowed may change something by requests for which browsers do not ask first, such as forms.',
  ),
  MaxAge: option(integer(0, 86_400), 600, 'used', 'How long browsers keep the answer to a preflight request.', {
    unit: 'seconds',
  }),
});
