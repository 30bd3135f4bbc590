import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createServer } from 'node:tls';
import { makeCertificate } from './certificate.js';

/** A server behind HTTPS with an authority of its own, for those alone who have the client certificate. */
export interface SecuredFront {
  /** https, without a slash at its end. */
  readonly url: string;
  /** PEM files. */
  readonly authority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  close(): void;
}

/** Puts one in front of a server of this machine. @param url http */
export async function securedFront(url: string): Promise<SecuredFront> {
  const [own, client] = [makeCertificate(), makeCertificate()];
  const clientKey = join(dirname(client.file), 'client.key');
  writeFileSync(clientKey, client.key);
  const { cert, key } = own;
  const options = { cert, key, ca: client.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (secure) => {
    const plain = connect(Number(new URL(url).port), '127.0.0.1');
    secure.on('error', () => plain.destroy()).pipe(plain);
    plain.on('error', () => secure.destroy()).pipe(secure);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    authority: own.file,
    clientCertificate: client.file,
    clientKey,
    close: () => {
      server.close();
      own.remove();
      client.remove();
    },
  };
}
