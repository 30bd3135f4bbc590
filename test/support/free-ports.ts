import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: none of those takes it while a server restarts. */
const FROM = 15_000;
const TO = 32_000;
/** Each process that runs tests takes its own part of them: none gets the port of a server that another one restarts. */
const PARTS = 8;
const SIZE = Math.floor((TO - FROM) / PARTS);
const FIRST = FROM + (Number(process.env.JEST_WORKER_ID ?? 0) % PARTS) * SIZE;

/** A port of 127.0.0.1 that nobody listens on, and that stays free while a server on it is stopped. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, FIRST + SIZE);
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
    const first = randomInt(FIRST, FIRST + SIZE - count);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}
