import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCertificate } from '../support/certificate.js';

const SCRIPT = join(import.meta.dirname, '../../deploy/is-alive.mjs');

describe("the container's question whether its server is alive", () => {
  const asked = async (server: http.Server): Promise<number> => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const port = String((server.address() as AddressInfo).port);
      const child = spawn(process.execPath, [SCRIPT], { env: { ...process.env, ANNAL_HTTP_PORT: port } });
      const [code] = (await once(child, 'exit')) as [number];
      return code;
    } finally {
      server.close();
    }
  };
  const answering =
    (status: number): http.RequestListener =>
    ({ url }, answer) =>
      void answer.writeHead(url === '/health/live' ? status : 404).end();

  it.each([
    [200, 0],
    [503, 1],
  ])('is answered by %s over HTTP: %s', async (status, code) => {
    expect(await asked(http.createServer(answering(status)))).toBe(code);
  });

  it('is asked over HTTPS where the port speaks that', async () => {
    const certificate = makeCertificate();
    try {
      expect(await asked(https.createServer(certificate, answering(200)))).toBe(0);
    } finally {
      certificate.remove();
    }
  });
});
