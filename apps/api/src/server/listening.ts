import { once } from 'node:events';
import { createServer } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Whether the kernel can spread connections over several processes that listen on one port (SO_REUSEPORT). Then none
 * goes through the primary, where those handed to a worker at the moment it is killed would stay open without an end.
 */
export const PORT_CAN_BE_SHARED = process.platform === 'linux';

/** The server cannot listen; the message says why, and the way out. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/** Makes sure that nobody else listens on a port that workers are about to share. @throws CannotListen */
export async function expectFree(port: number): Promise<void> {
  const probe = createServer();
  await onAllAddresses(port, async (host) => {
    probe.listen(port, host);
    await once(probe, 'listening');
  });
  probe.close();
  await once(probe, 'close');
}

/** Listens on all addresses: the rule on remote access needs the connection first, to answer as it must. @throws CannotListen */
export async function listen(app: NestFastifyApplication, port: number, shared: boolean): Promise<void> {
  const options = shared ? { reusePort: true, exclusive: true } : {};
  await onAllAddresses(port, (host) => app.listen({ port, host, ...options }));
}

async function onAllAddresses(port: number, attempt: (host: string) => Promise<unknown>): Promise<void> {
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
