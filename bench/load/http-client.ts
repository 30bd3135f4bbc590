import { Agent, request } from 'node:http';
import { Readable } from 'node:stream';

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly text: () => string;
}

/** What a request carries: nothing, bytes, or a stream of known length. */
export type Body = Buffer | { readonly length: number; readonly chunks: Iterable<Buffer> } | undefined;

/** Connections to one server that are kept open from request to request. */
export class HttpClient {
  private readonly agent: Agent;
  private readonly base: URL;

  constructor(url: string, connections: number) {
    // connections that a server keeps for a second, as Orthanc does by default, are used again until then
    this.agent = new Agent({ keepAlive: true, maxSockets: connections, agentKeepAliveTimeoutBuffer: 0 });
    this.base = new URL(url);
  }

  /** Sends a request, again where the server closed a connection that was used before. @throws when the answer is not 200 */
  async send(method: string, path: string, body?: Body): Promise<Answer> {
    try {
      return await this.attempt(method, path, body);
    } catch (error) {
      if (error instanceof ClosedMeanwhile) return this.attempt(method, path, body);
      throw error;
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private attempt(method: string, path: string, body: Body): Promise<Answer> {
    const { hostname, port } = this.base;
    return new Promise((resolve, reject) => {
      const headers = body ? { 'Content-Length': body.length } : {};
      const message = request({ method, hostname, port, path, agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
        });
        response.on('error', reject);
        response.on('end', () => {
          const text = (): string => Buffer.concat(chunks).toString('utf8');
          const status = response.statusCode!;
          if (status === 200) resolve({ status, bytes, text });
          else reject(new Error(`${method} ${path} answers ${status}: ${text().slice(0, 300)}`));
        });
      });
      message.on('error', (error: NodeJS.ErrnoException) =>
        reject(message.reusedSocket && error.code === 'ECONNRESET' ? new ClosedMeanwhile() : error),
      );
      if (body && !Buffer.isBuffer(body)) Readable.from(body.chunks, { objectMode: false }).pipe(message);
      else message.end(body);
    });
  }
}

/** A kept connection was closed before an answer came. */
class ClosedMeanwhile extends Error {}
