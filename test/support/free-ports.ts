import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: none of those takes it while a server restarts. */
const FROM = 15_000;
const TO = 32_000;
/** Each process that runs tests takes its own part of them: none gets the port of a server that another one restarts. */
const PARTS = 8;
const SIZE = Math.floor((TO - FROM) / PARTS);
const FIRST = FROM + (Number(process.env.JEST_WORKER_ID ?? 0) % PARTS) * SIZE;

/** Where the next one is looked for: none is tried, or given away, twice, as its server may be stopped for a moment. */
let next = randomInt(SIZE);

/** A port of 127.0.0.1 that nobody listens on, and that stays free while a server on it is stopped. */
export function freePort(): Promise<number> {
  return freePortRange(1);
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
    if (next + count > SIZE) next = 0;
    const first = FIRST + next;
    next += count;
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}
