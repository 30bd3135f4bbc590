import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { makeCertificate, type TestCertificate } from '../../../../test/support/certificate.js';
import { closeStalledConnections } from './stalled-connections.js';

/** ms: longer than a connection may be idle, with what Node.js adds to that (keepAliveTimeoutBuffer). */
const BUSY = 1500;
const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe.each(['http', 'https'])('a connection over %s that was idle', (protocol) => {
  let certificate: TestCertificate;
  let server: Server;
  let socket: Socket;
  beforeAll(() => {
    certificate = makeCertificate();
  });
  afterAll(() => certificate.remove());
  beforeEach(async () => {
    const options = { keepAliveTimeout: 100, ...certificate };
    const answer = (_: unknown, response: { end(text: string): unknown }): void => void response.end('here');
    server = protocol === 'https' ? createHttpsServer(options, answer) : createServer(options, answer);
    closeStalledConnections(server, 0);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    socket =
      protocol === 'https'
        ? connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false })
        : connect(port, '127.0.0.1');
    socket.write(REQUEST);
    await once(socket, 'data');
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  it('is closed', async () => {
    socket.resume();
    await once(socket, 'close');
  });

  it('is not closed with the next request, which came while the process was busy', async () => {
    socket.write(REQUEST);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
  });
});
