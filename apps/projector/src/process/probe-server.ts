import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  type AnnalConfiguration,
  basicAuthentication,
  isLoopback,
  onAllAddresses,
  readHttpsOptions,
} from '@annal/platform';
import type { ProjectorStatus } from './projector-status.js';

/** An answer to a probe. */
interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const OPEN_PATHS = new Set(['/health/live', '/health/ready']);
const UNAUTHORIZED: Answer = { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="Orthanc Secure Area"' } };

/**
 * Listens on HttpPort, for those who look after processes: /health/live, /health/ready and /tools/metrics-prometheus,
 * under the rules on access that servers have.
 * @throws CannotListen
 */
export async function listenForProbes(configuration: AnnalConfiguration, status: ProjectorStatus): Promise<Server> {
  const answer = answering(configuration, status);
  const { Limits } = configuration.Annal;
  const options: ServerOptions = {
    maxHeaderSize: Limits.MaxHeaderSize,
    headersTimeout: Math.min(Limits.HeaderTimeout, Limits.RequestTimeout) * 1000,
    requestTimeout: Limits.RequestTimeout * 1000,
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request).then(
      (one) => send(request, response, one),
      () => send(request, response, { status: 500 }),
    );
  };
  const server = configuration.SslEnabled
    ? createHttpsServer({ ...options, ...readHttpsOptions(configuration) }, listener)
    : createServer(options, listener);
  await onAllAddresses(configuration.HttpPort, async (host) => {
    server.listen(configuration.HttpPort, host);
    await once(server, 'listening');
  });
  return server;
}

function answering(
  configuration: AnnalConfiguration,
  status: ProjectorStatus,
): (request: IncomingMessage) => Promise<Answer> {
  const authenticate = configuration.AuthenticationEnabled
    ? basicAuthentication(configuration.RegisteredUsers)
    : undefined;
  return async (request) => {
    if (!configuration.RemoteAccessAllowed && !isLoopback(request.socket.remoteAddress)) return UNAUTHORIZED;
    const path = request.url?.replace(/\?.*$/s, '') ?? '';
    if (authenticate && !OPEN_PATHS.has(path) && authenticate(request.headers.authorization) === undefined) {
      return UNAUTHORIZED;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, headers: { Allow: 'GET, HEAD' } };
    switch (path) {
      case '/health/live':
        return { status: 200, type: JSON_TYPE, body: '{"Status":"live"}' };
      case '/health/ready': {
        const { ready, content } = await status.readiness();
        const answer = { type: JSON_TYPE, body: JSON.stringify(content) };
        return ready ? { status: 200, ...answer } : { status: 503, ...answer, headers: { 'Retry-After': '5' } };
      }
      case '/tools/metrics-prometheus':
        return {
          status: 200,
          type: 'text/plain; version=0.0.4',
          body: configuration.MetricsEnabled ? await status.metrics() : '',
        };
      default:
        return { status: 404 };
    }
  };
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body = '', headers }: Answer): void {
  // nobody has anything to say here
  if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined) {
    response.shouldKeepAlive = false;
  }
  response.writeHead(status, {
    'X-Content-Type-Options': 'nosniff',
    ...(type !== undefined && { 'Content-Type': type }),
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
