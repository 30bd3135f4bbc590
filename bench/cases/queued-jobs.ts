import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SCANNED } from '../archive/study.js';
import { type Bench } from '../measure/bench.js';
import { median } from '../measure/statistics.js';
import { type Plan } from '../plan.js';
import { getJson } from '../servers/server.js';

const GROUP = 'jobs';
const NAME = 'silent';
const QUEUED = 10_000;
const CONNECTIONS = 8;
const AREA = 20;
/** With the header: 20 KB. */
const PIXELS = 18_500;

/** What a long queue costs those who do not wait in it: uploads, and the queue's own answers. */
export async function queuedJobs(bench: Bench, { rounds, smallUploads }: Plan): Promise<void> {
  bench.report('uploads beside an empty queue');
  let sent = 0;
  const upload = async (): Promise<number> => {
    const part = { skip: sent, count: smallUploads };
    sent += smallUploads;
    const { seconds } = await bench.run(bench.annal, CONNECTIONS, {
      kind: 'uploads',
      area: AREA,
      shape: SCANNED,
      part,
      pixelBytes: PIXELS,
    });
    return smallUploads / seconds;
  };
  const rate = async (): Promise<number> => {
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) rates.push(await upload());
    return median(rates);
  };
  await upload();
  const alone = await rate();
  const silent = await silence();
  try {
    bench.report(`queueing ${QUEUED} jobs`);
    const requests = await queue(bench, silent.url);
    bench.note({ group: GROUP, name: 'jobs taken, 8 connections', value: requests, unit: 'jobs/s' });
    bench.report(`uploads beside ${QUEUED} queued jobs`);
    const beside = await rate();
    const detail = `${Math.round(alone)} → ${Math.round(beside)} instances/s`;
    const goal = { kind: 'at least', value: 0.9 } as const;
    const name = `20 KB uploads beside ${QUEUED.toLocaleString('en')} queued jobs, by those without`;
    bench.note({ group: GROUP, name, value: beside / alone, unit: '×', goal, detail });
    bench.noteMemory(`${QUEUED.toLocaleString('en')} queued jobs`);
  } finally {
    silent.close();
  }
}

/** Jobs/s. Those that run wait for a peer that says nothing; all others wait for them. */
async function queue(bench: Bench, url: string): Promise<number> {
  const { url: annal } = bench.annal;
  const peer = await fetch(`${annal}/peers/${NAME}`, {
    method: 'PUT',
    body: JSON.stringify({ Url: url, Timeout: 3600 }),
  });
  if (!peer.ok) throw new Error(`PUT of a peer: ${peer.status}`);
  const [instance] = await getJson<string[]>(annal, '/instances?since=0&limit=1');
  const body = JSON.stringify({ Resources: [instance], Asynchronous: true });
  const { seconds, units } = await bench.run(bench.annal, CONNECTIONS, {
    kind: 'requests',
    requests: [{ method: 'POST', path: `/peers/${NAME}/store`, body }],
    times: QUEUED,
  });
  return units / seconds;
}

/** A server that takes connections and never says anything. */
async function silence(): Promise<{ readonly url: string; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}
