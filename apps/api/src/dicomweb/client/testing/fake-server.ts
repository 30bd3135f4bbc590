import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

/** A request that came in, with its whole body. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type FakeAnswer = (request: SeenRequest, response: ServerResponse) => void;

/** Another server that answers as a test says. */
export class FakeServer {
  readonly seen: SeenRequest[] = [];
  /** What it answers with from now on. */
  answer: FakeAnswer = (_, response) => void response.end();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.handle(request, response));
  }

  static async start(): Promise<FakeServer> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new FakeServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers with a status and a body, of a media type. */
  says(status: number, body: string | Buffer = '', type = 'application/dicom+json', headers: object = {}): void {
    this.answer = (_, response) => void response.writeHead(status, { 'Content-Type': type, ...headers }).end(body);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return;
    }
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body: Buffer.concat(pieces) };
    this.seen.push(seen);
    this.answer(seen, response);
  }
}

/** A body of DICOM files, or of what should be some. */
export function partsOf(files: readonly Buffer[], { type = 'application/dicom', end = '\r\n--xx--' } = {}): Buffer {
  const parts = files.map((file) => Buffer.concat([Buffer.from(`\r\n--xx\r\nContent-Type: ${type}\r\n\r\n`), file]));
  return Buffer.concat([...parts, Buffer.from(end)]);
}

export const PARTS = 'multipart/related; type="application/dicom"; boundary=xx';
