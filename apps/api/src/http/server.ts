import { readHttpsOptions, type AnnalConfiguration } from '@annal/platform';
import { createServer as createHttpServer, type Server, type ServerOptions, STATUS_CODES } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { continueWhenRead } from './expect-continue.js';
import { frontDoor, type Handler } from './front-door.js';
import { closeStalledConnections } from './stalled-connections.js';

/** How often connections are looked at for the time limits, ms. */
const CHECKING_INTERVAL = 1000;
const MAX_HEADERS = 200;

/** The HTTP or HTTPS server in front of the routes, with the limits of the configuration. Times there are in seconds. */
export function createServer(configuration: AnnalConfiguration, route: Handler): Server {
  const { Limits } = configuration.Annal;
  const options: ServerOptions = {
    maxHeaderSize: Limits.MaxHeaderSize,
    // it must not be longer than that of the whole request
    headersTimeout: Math.min(Limits.HeaderTimeout, Limits.RequestTimeout) * 1000,
    requestTimeout: Limits.RequestTimeout * 1000,
    connectionsCheckingInterval: Math.min(CHECKING_INTERVAL, Limits.HeaderTimeout * 500),
    keepAliveTimeout: configuration.KeepAlive ? Math.max(configuration.KeepAliveTimeout * 1000, 1) : 1,
    noDelay: configuration.TcpNoDelay,
    insecureHTTPParser: false,
    requireHostHeader: false,
  };
  const handler = frontDoor(configuration, route);
  const listener: Handler = configuration.KeepAlive
    ? handler
    : (request, response) => {
        response.shouldKeepAlive = false;
        handler(request, response);
      };
  const server = configuration.SslEnabled
    ? createHttpsServer({ ...options, ...readHttpsOptions(configuration) }, listener)
    : createHttpServer(options, listener);
  server.maxHeadersCount = MAX_HEADERS;
  closeStalledConnections(server, configuration.HttpRequestTimeout * 1000);
  server.on('checkContinue', (request, response) => {
    continueWhenRead(request, response);
    listener(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerBadRequest(error, socket as Socket));
  return server;
}

const STATUS_OF_PARSER_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_INVALID_CONTENT_LENGTH: 411,
};

/** Answers what the parser refused: an unknown method, a header that is too long, a request that is no HTTP. */
function answerBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_PARSER_ERROR[error.code ?? ''] ?? 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
