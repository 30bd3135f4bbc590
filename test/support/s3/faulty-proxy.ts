import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request on its way to S3. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * What becomes of a request. 'hang-up': it does not reach S3. 'silence': nor does it, and nothing is said.
 * 'lose-answer': S3 carries it out, and the connection breaks before it says so. `cutAfter`: after so many bytes of the
 * answer. A number: an answer with this status.
 */
export type Fault = undefined | 'hang-up' | 'silence' | 'lose-answer' | { readonly cutAfter: number } | number;

/** Stands between a client and S3, sees the requests, and has things go wrong. */
export class FaultyProxy {
  readonly requests: SeenRequest[] = [];
  /** Decides what becomes of each request. */
  fault: (request: SeenRequest) => Fault = () => undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
    private readonly scheme: 'http' | 'https',
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
  }

  /** @param certificate makes it an HTTPS server */
  static async start(target: string, certificate?: { cert: string; key: string }): Promise<FaultyProxy> {
    const handle: RequestListener = (request, response) => proxy.handle(request, response);
    const server = certificate ? createSecureServer(certificate, handle) : createServer(handle);
    const proxy = new FaultyProxy(new URL(target), server, certificate ? 'https' : 'http');
    await proxy.back();
    return proxy;
  }

  get endpoint(): string {
    return `${this.scheme}://localhost:${this.port}`;
  }

  /** How many connections there are. */
  get connections(): number {
    return this.sockets.size;
  }

  /** The requests of a method whose path and query match. */
  seen(method: string, url = /./): SeenRequest[] {
    return this.requests.filter((request) => request.method === method && url.test(request.url));
  }

  /** Nobody can connect any more, and connections break. */
  async away(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** As before. */
  async back(): Promise<void> {
    this.server.listen(this.port, 'localhost');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.away();
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const seen = { method: request.method!, url: request.url!, headers: request.headers };
    this.requests.push(seen);
    const fault = this.fault(seen);
    if (fault === 'silence') return;
    if (fault === 'hang-up') return void request.socket.destroy();
    if (typeof fault === 'number') return void request.resume().on('end', () => response.writeHead(fault).end());
    const { hostname, port } = this.target;
    const { method, url: path, headers } = seen;
    const onward = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      if (fault === 'lose-answer') return void answer.resume().on('end', () => request.socket.destroy());
      response.writeHead(answer.statusCode!, answer.headers);
      pass(answer, response, fault === undefined ? Infinity : fault.cutAfter);
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
    request.on('close', () => {
      if (!request.complete) onward.destroy();
    });
  }
}

function pass(answer: IncomingMessage, response: ServerResponse, limit: number): void {
  let left = limit;
  answer.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (left === 0) {
      response.write(part, () => response.socket?.destroy());
      answer.destroy();
    } else if (!response.write(part)) {
      answer.pause();
      response.once('drain', () => answer.resume());
    }
  });
  answer.on('end', () => response.end());
  answer.on('error', () => response.destroy());
  response.on('close', () => answer.destroy());
}
