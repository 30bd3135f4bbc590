import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** An upload that a peer got. */
export interface ReceivedUpload {
  readonly headers: IncomingMessage['headers'];
  /** Inflated. */
  readonly body: Buffer;
}

/** What a peer does instead of answering as it should. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that takes uploads as an Orthanc does, or behaves as badly as a test wants it to. */
export interface PeerServer {
  readonly url: string;
  readonly received: ReceivedUpload[];
  /** How many uploads are under way. */
  readonly busy: () => number;
  /** For the next requests, one each; those behind them are answered well. */
  readonly misbehave: Behaviour[];
  /** For all requests. */
  behaviour: Behaviour | undefined;
  close(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startPeerServer(): Promise<PeerServer> {
  const received: ReceivedUpload[] = [];
  const misbehave: Behaviour[] = [];
  let busy = 0;
  const server = createServer((request, response) => {
    const behaviour = misbehave.shift() ?? peer.behaviour;
    if (behaviour) return behaviour(request, response);
    busy += 1;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      busy -= 1;
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      received.push({ headers: request.headers, body });
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ ID: 'i'.repeat(8), Status: 'Success', Path: '/instances/i' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const peer: PeerServer = {
    url,
    received,
    misbehave,
    busy: () => busy,
    behaviour: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return peer;
}
