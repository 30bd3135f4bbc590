import { idsOfImage } from '../archive/images.js';
import { type Bench } from '../measure/bench.js';
import { median } from '../measure/statistics.js';
import { type Plan } from '../plan.js';
import { type Server } from '../servers/server.js';
import { get } from './read-requests.js';

const GROUP = 'contents';
/** How often the first byte is waited for. */
const FIRST_BYTES = 10;

/** The archive of a CT study: how fast and how large, deflated and only stored, and how soon it begins. */
export async function archives(bench: Bench, plan: Plan): Promise<void> {
  const path = `/studies/${idsOfImage('slices').study}/archive`;
  await compare(bench, plan, path, 'archive', 5);
  await noteFirstByte(bench, path);
  await noteSizes(bench, path);
  bench.report('restarting without compression of archives');
  await bench.annal.restart({ Annal: { Archives: { CompressionLevel: 0 } } });
  try {
    await compare(bench, plan, path, 'archive, only stored by Annal', 15);
  } finally {
    await bench.annal.restart({ Annal: {} });
  }
}

async function compare(bench: Bench, { slices }: Plan, path: string, name: string, goal: number): Promise<void> {
  await bench.compare({
    group: GROUP,
    name: `${name}: ${slices} slices`,
    connections: 1,
    unit: 'slices/s',
    goal: { kind: 'at least', value: goal },
    work: () => ({ kind: 'requests', requests: [get(path)], times: 1 }),
    units: () => slices,
  });
}

async function noteFirstByte(bench: Bench, path: string): Promise<void> {
  bench.report('the first byte of an archive');
  const times: number[] = [];
  for (let count = 0; count < FIRST_BYTES; count++) times.push(await firstByte(bench.annal, path));
  bench.note({
    group: GROUP,
    name: 'first byte of an archive',
    value: median(times),
    unit: 'ms',
    goal: { kind: 'at most', value: 50 },
  });
}

/** Milliseconds until something of the body is there. */
async function firstByte({ url }: Server, path: string): Promise<number> {
  const abandoned = new AbortController();
  const start = performance.now();
  const { body } = await fetch(url + path, { signal: abandoned.signal });
  await body!.getReader().read();
  const time = performance.now() - start;
  abandoned.abort();
  return time;
}

async function noteSizes(bench: Bench, path: string): Promise<void> {
  const sizes: number[] = [];
  for (const server of bench.servers) {
    const { bytes } = await bench.run(server, 1, { kind: 'requests', requests: [get(path)], times: 1 });
    sizes.push(bytes);
  }
  const [annal, orthanc] = sizes;
  if (orthanc === undefined) return;
  bench.note({
    group: GROUP,
    name: "an archive's size by that of Orthanc",
    value: annal! / orthanc,
    unit: '×',
    goal: { kind: 'at most', value: 1.05 },
    detail: `${(annal! / 1e6).toFixed(1)} and ${(orthanc / 1e6).toFixed(1)} MB`,
  });
}
