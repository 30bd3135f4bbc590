import { setTimeout as delay } from 'node:timers/promises';
import { SCANNED } from '../archive/study.js';
import { type AnnalServer } from '../servers/annal-server.js';
import { lagOf, untilFolded } from './lag.js';
import { type LogServers, type Row } from './table.js';

const UPLOADS = 20_000;
const CONNECTIONS = 64;
const PIXELS = 1_000;
const LOOK_MS = 50;

/** How far the read models fall behind in a burst of small uploads, and how long they take to catch up behind it. */
export async function burst(servers: LogServers): Promise<Row[]> {
  const count = Math.ceil(UPLOADS * servers.factor);
  const name = `burst of ${count.toLocaleString('en')}: largest lag, time to catch up`;
  const [postgres, kafka] = [
    await burstOn(servers, servers.postgres, count),
    await burstOn(servers, servers.kafka, count),
  ];
  return [{ name, postgres, kafka }];
}

async function burstOn({ client, say }: LogServers, server: AnnalServer, count: number): Promise<string> {
  say(`a burst of ${count} uploads`);
  let largest = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      largest = Math.max(largest, (await lagOf(server)) || 0);
      await delay(LOOK_MS);
    }
  })();
  const work = { kind: 'uploads', area: 30, shape: SCANNED, part: { skip: 0, count }, pixelBytes: PIXELS } as const;
  await client.run({ url: server.url, connections: CONNECTIONS, work });
  const seconds = await untilFolded(server);
  over = true;
  await watching;
  return `${largest} events, ${(seconds * 1000).toFixed(0)} ms`;
}
