import { type AnnalConfiguration, basicAuthentication, isLoopback } from '@annal/platform';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Cors } from './cors.js';
import { BareStatus } from './errors/http-errors.js';
import { noteHead } from './head-requests.js';
import { countRefused } from './metrics/http-metrics.js';
import { canonicalPath } from './path.js';
import { ForgedRequests } from './security/forged-requests.js';
import { setUser } from './security/request-identity.js';
import { noteExchange } from './stalled-connections.js';
import { noteTrailingSlash } from './trailing-slash.js';

/** What answers a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Probes of an orchestrator have no password; they tell nothing of what is stored. */
const OPEN_PATHS = new Set(['/health/live', '/health/ready']);
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;
const CLOSE = { Connection: 'close' };
const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']);

/**
 * Decides on every request before it is routed: who may come in, which method and path are meant. What it refuses has
 * no body, as Orthanc's refusals.
 */
export function frontDoor(configuration: AnnalConfiguration, route: Handler): Handler {
  const authenticate = configuration.AuthenticationEnabled
    ? basicAuthentication(configuration.RegisteredUsers)
    : undefined;
  const { MaxBodySize } = configuration.Annal.Limits;
  const cors = new Cors(configuration.Annal.Cors);
  const forged = new ForgedRequests(configuration.Annal.Cors, cors);
  return (request, response) => {
    noteExchange(request, response);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    try {
      if (!configuration.RemoteAccessAllowed && !isLoopback(request.socket.remoteAddress)) throw unauthorized();
      // browsers send preflight requests without a password
      if (cors.answer(request, response)) return;
      const url = request.url ?? '/';
      const mark = url.indexOf('?');
      const sent = mark < 0 ? url : url.slice(0, mark);
      if (sent.endsWith('/')) noteTrailingSlash(request);
      const path = canonicalPath(sent);
      if (authenticate && !OPEN_PATHS.has(path)) {
        const user = authenticate(request.headers.authorization);
        if (user === undefined) throw unauthorized();
        setUser(request, user);
      }
      if (Number(request.headers['content-length'] ?? 0) > MaxBodySize) throw new BareStatus(413, CLOSE);
      // what is no media type says nothing of the body
      const type = request.headers['content-type'];
      if (type !== undefined && !MEDIA_TYPE.test(type)) delete request.headers['content-type'];
      const method = effectiveMethod(request, mark < 0 ? '' : url.slice(mark + 1));
      if (forged.mayBe(request, method)) throw new BareStatus(403);
      request.url = mark < 0 ? path : path + url.slice(mark);
      request.method = method;
    } catch (error) {
      refuse(request, response, error);
      return;
    }
    route(request, response);
  };
}

/**
 * The method that is meant: `_method` in the query of a GET, or X-HTTP-Method-Override, turns it into PUT or DELETE.
 * HEAD is routed as GET; the answer's body is left out since the response knows the method it was asked with.
 */
function effectiveMethod(request: IncomingMessage, query: string): string {
  const method = request.method ?? 'GET';
  if (!METHODS.has(method)) throw new BareStatus(400);
  const header = request.headers['x-http-method-override'];
  const override =
    typeof header === 'string'
      ? header
      : method === 'GET' && query.includes('_method=')
        ? new URLSearchParams(query).get('_method') || null
        : null;
  if (override !== null) {
    if (override !== 'PUT' && override !== 'DELETE') throw new BareStatus(400);
    return override;
  }
  if (method !== 'HEAD') return method;
  noteHead(request);
  return 'GET';
}

function unauthorized(): BareStatus {
  return new BareStatus(401, { 'WWW-Authenticate': 'Basic realm="Orthanc Secure Area"' });
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const status = error instanceof BareStatus ? error.status : 500;
  countRefused(status);
  // a body that nobody wants is not waited for
  if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined) {
    response.shouldKeepAlive = false;
  }
  response.writeHead(status, { ...(error instanceof BareStatus ? error.headers : {}), 'Content-Length': 0 });
  response.end();
}
