import { onAllAddresses } from '@annal/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Whether the kernel can spread connections over several processes that listen on one port (SO_REUSEPORT). Then none
 * goes through the primary, where those handed to a worker at the moment it is killed would stay open without an end.
 */
export const PORT_CAN_BE_SHARED = process.platform === 'linux';

/** Listens on all addresses: the rule on remote access needs the connection first, to answer as it must. @throws CannotListen */
export async function listen(app: NestFastifyApplication, port: number, shared: boolean): Promise<void> {
  const options = shared ? { reusePort: true, exclusive: true } : {};
  await onAllAddresses(port, (host) => app.listen({ port, host, ...options }));
}
