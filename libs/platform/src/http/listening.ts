import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The workers of a server that was killed listen for a moment longer, until they see it. */
const PATIENCE_MS = 5000;
const RETRY_MS = 50;

/** The server cannot listen; the message says why, and the way out. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/**
 * Makes sure that nobody else listens on a port that processes are about to share.
 * @param patience for so many milliseconds it waits for those who do
 * @throws CannotListen
 */
export async function expectFree(port: number, patience = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await onAllAddresses(port, (host) => tryOnce(port, host));
    } catch (error) {
      const { code } = (error as CannotListen).cause as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' || performance.now() > deadline) throw error;
    }
    await delay(RETRY_MS);
  }
}

async function tryOnce(port: number, host: string): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** Listens on all addresses, of IPv6 where there is one, by an attempt that is given the host. @throws CannotListen */
export async function onAllAddresses(port: number, attempt: (host: string) => Promise<unknown>): Promise<void> {
  try {
    await attempt('::').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EAFNOSUPPORT' && error.code !== 'EADDRNOTAVAIL') throw error;
      return attempt('0.0.0.0');
    });
  } catch (error) {
    throw new CannotListen(whyNot(error as NodeJS.ErrnoException, port), { cause: error });
  }
}

function whyNot({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use: stop what listens there, or set another "HttpPort"`;
  if (code === 'EACCES') return `Port ${port} is not allowed to this user: set "HttpPort" to one above 1023`;
  return `Cannot listen on port ${port}: ${message}`;
}
