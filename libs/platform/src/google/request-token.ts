import { JWT, UserRefreshClient } from 'google-auth-library';
import type { GoogleCredentials } from '../config/index.js';
import { type OutgoingHttp } from '../outgoing/outgoing-http.js';
import { OutgoingError } from '../outgoing/outgoing-error.js';

/** An access token and when it lapses, ms since 1970. */
export interface AccessToken {
  readonly text: string;
  readonly expires: number;
}

/** The DICOM stores of the Healthcare API, and nothing else of the account. */
const SCOPES = ['https://www.googleapis.com/auth/cloud-healthcare'];
const MAX_ANSWER = 64 * 1024;
/** Of a token that does not say how long it lasts, and the longest that is believed, ms. */
const LIFE_UNSAID = 5 * 60_000;
const LONGEST_LIFE = 24 * 3_600_000;

/**
 * Asks for an access token: with a JWT that the key of a service account signs (RFC 7523), or with the refresh token
 * of a user (RFC 6749, section 6).
 * @param timeout so long the endpoint may be silent, s; 0: HttpTimeout
 * @throws Error whose message holds nothing of the credentials, nor of what the endpoint said beyond an error code
 */
export async function requestToken(
  credentials: GoogleCredentials,
  http: Pick<OutgoingHttp, 'whole'>,
  timeout: number,
): Promise<AccessToken> {
  const asked = Date.now();
  try {
    const { access_token: text, expiry_date: date } = await ask(clientOf(credentials, http, timeout));
    if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) throw new Unusable('answers without a token');
    const now = Date.now();
    const life = date && date > now ? Math.min(date - now, LONGEST_LIFE) : LIFE_UNSAID;
    // it was given some time since, and its life counts from then
    return { text, expires: asked + life };
  } catch (error) {
    // what the library throws has the request in it
    throw new Error(reasonOf(error, new URL(credentials.tokenUrl).host));
  }
}

class Unusable extends Error {}

function ask(client: JWT | UserRefreshClient): Promise<{ access_token?: unknown; expiry_date?: number | null }> {
  return client instanceof JWT ? client.authorize() : client.refreshAccessToken().then((answer) => answer.credentials);
}

function clientOf(
  credentials: GoogleCredentials,
  http: Pick<OutgoingHttp, 'whole'>,
  timeout: number,
): JWT | UserRefreshClient {
  const { tokenUrl } = credentials;
  const options = {
    transporterOptions: { fetchImplementation: fetchBy(http, { url: tokenUrl, timeout }) },
    // which would have an environment variable print tokens
    useAuthRequestParameters: false,
  };
  const client =
    credentials.kind === 'service'
      ? new JWT({
          ...options,
          email: credentials.email,
          key: credentials.key,
          scopes: SCOPES,
          additionalClaims: { aud: tokenUrl },
        })
      : new UserRefreshClient({
          ...options,
          clientId: credentials.clientId,
          clientSecret: credentials.clientSecret,
          refreshToken: credentials.refreshToken,
          endpoints: { oauth2TokenUrl: tokenUrl },
        });
  client.transporter.interceptors.request.add({
    // who asks says when to ask again
    resolved: async (request) => ({ ...request, retry: false, retryConfig: { retry: 0, noResponseRetries: 0 } }),
  });
  return client;
}

/** All requests of the library go to the token endpoint, as others go out. */
function fetchBy(http: Pick<OutgoingHttp, 'whole'>, endpoint: { url: string; timeout: number }): typeof fetch {
  return async (_url, { method = 'POST', headers, body } = {}) => {
    const answer = await http.whole(
      endpoint,
      {
        method,
        path: '',
        headers: {
          ...Object.fromEntries(new Headers(headers)),
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        },
        body: Buffer.from((body as URLSearchParams).toString()),
      },
      MAX_ANSWER,
    );
    const type = answer.headers['content-type'];
    const text = answer.status === 204 ? null : answer.body.toString('utf8');
    return new Response(text, {
      status: answer.status,
      headers: { 'content-type': typeof type === 'string' ? type : 'application/json' },
    });
  };
}

function reasonOf(error: unknown, host: string): string {
  const { cause, response } = error as { cause?: unknown; response?: { status?: number; data?: { error?: unknown } } };
  if (error instanceof Unusable) return `${host} ${error.message}`;
  if (cause instanceof OutgoingError) return cause.message;
  if (response?.status === undefined) return 'The credentials cannot be used';
  const code = response.data?.error;
  // error codes of RFC 6749, section 5.2, and none that could hold what was sent
  const told = typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? `: ${code}` : '';
  return `${host} refuses with status ${response.status}${told}`;
}
