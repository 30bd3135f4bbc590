import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { SampleFile } from '../sample-study.js';
import type { Random } from './random.js';

/** Between the pieces of what goes slowly, ms. */
const SLOW_MS = 20;
const BOUNDARY = 'of-parts';

/**
 * Another server, as a peer and as a DICOMweb server, that is slow, fails, and cuts connections at random: until it is told to be
 * reliable.
 */
export class UnreliableServer {
  reliable = false;

  private constructor(
    private readonly server: Server,
    private readonly files: readonly SampleFile[],
    private readonly random: Random,
  ) {
    server.on('request', (request, response) => {
      // what is wrong with a connection that was cut is of no interest here
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  /** @param files what it has to be retrieved, whatever it is asked for */
  static async start(files: readonly SampleFile[], random: Random): Promise<UnreliableServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new UnreliableServer(server, files, random);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many connections to it are open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.happens(0.05)) return void response.destroy();
    if (this.happens(0.05)) return void response.writeHead(500).end();
    const isSlow = this.happens(0.2);
    let instances = 0;
    for await (const piece of request) {
      instances += String((piece as Buffer).toString('latin1')).split('DICM').length - 1;
      if (isSlow) await delay(SLOW_MS);
      if (this.happens(0.01)) return void response.destroy();
    }
    if (request.method === 'GET') return this.give(request, response, isSlow);
    const { url = '' } = request;
    const answer = url.endsWith('/instances')
      ? { ID: 'i', Status: 'Success', Path: '/instances/i' }
      : { '00081199': { vr: 'SQ', Value: Array(instances).fill({}) } };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer));
  }

  private async give(request: IncomingMessage, response: ServerResponse, isSlow: boolean): Promise<void> {
    if (request.url?.includes('?')) return void response.writeHead(501).end();
    response.setHeader('Content-Type', `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`);
    for (const { bytes } of this.files) {
      response.write(`\r\n--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`);
      response.write(bytes);
      if (isSlow) await delay(SLOW_MS);
      if (this.happens(0.01)) return void response.destroy();
    }
    response.end(`\r\n--${BOUNDARY}--`);
  }

  private happens(share: number): boolean {
    return !this.reliable && this.random.chance(share);
  }
}
