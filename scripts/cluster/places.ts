import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Options, PORTS } from './options.js';

/** Where the parts of a cluster listen and keep what is theirs. */
export interface Places {
  readonly ports: {
    readonly 'api-1': number;
    readonly 'api-2': number;
    readonly 'projector-1': number;
    readonly 'projector-2': number;
    readonly kafka: number;
    readonly controller: number;
    readonly s3: number;
    readonly postgres: number;
  };
  readonly directory: string;
  /** `NAME.log` of each process. */
  readonly logs: string;
  /** `NAME.pid` of each process while it runs. */
  readonly pids: string;
}

/** Gives everything its place, and makes the folders that all share. */
export function placesFor({ directory, ports: base }: Options): Places {
  const places = {
    ports: {
      'api-1': base,
      'api-2': base + 1,
      'projector-1': base + 2,
      'projector-2': base + 3,
      kafka: base + 4,
      controller: base + 5,
      s3: base + 6,
      postgres: base + 7,
    },
    directory,
    logs: join(directory, 'logs'),
    pids: join(directory, 'run'),
  };
  // PostgreSQL, which may run as another user, has its folder in here
  for (const folder of [directory, places.logs, places.pids]) mkdirSync(folder, { recursive: true });
  return places;
}

/** @throws Error naming the ports that somebody listens on */
export async function expectFree({ ports }: Places): Promise<void> {
  const all = Object.values(ports);
  const free = await Promise.all(all.map(isFree));
  const taken = all.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  throw new Error(`Port ${taken.join(', ')} is taken: end what listens there, or choose ${PORTS} others with --ports`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    // on every address, as the servers listen
    server.listen(port, () => server.close(() => done(true)));
  });
}
