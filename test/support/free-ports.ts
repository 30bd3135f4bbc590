import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: none of those takes it while a server restarts. */
const FROM = 15_000;
const TO = 32_000;

/** A port of 127.0.0.1 that nobody listens on, and that stays free while a server on it is stopped. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The first of so many ports, one behind the other, as `freePort` has them. */
export async function freePortRange(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(FROM, TO - count);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}
