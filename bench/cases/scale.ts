import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { median } from '../measure/statistics.js';
import { find, findsById, get } from './read-requests.js';

/** Typical costs of Annal's answers at one size of the archive, ms; of lists, ms for a thousand rows. */
export interface Costs {
  readonly studies: number;
  readonly pages: ReadonlyMap<string, number>;
  readonly deep: ReadonlyMap<string, number>;
  readonly whole: ReadonlyMap<string, { readonly half: number; readonly all: number }>;
}

const REQUESTS = 200;
const WHOLE_REQUESTS = 5;
const YEAR = '20180101-20181231';

/** One request at a time, so that a latency is the cost of an answer and not a place in a queue. */
export async function measureCosts(bench: Bench, studies: number): Promise<Costs> {
  bench.report(`costs at ${studies} studies`);
  const page = { Limit: 50, Expand: true };
  const deepest = Math.floor(studies * 0.9);
  const pages: Record<string, readonly RequestSpec[]> = {
    'GET /studies?limit=100&since=0': [get('/studies?since=0&limit=100')],
    'GET /studies?expand&limit=100&since=0': [get('/studies?expand&since=0&limit=100')],
    'GET /patients?expand&limit=100&since=100': [get('/patients?expand&since=100&limit=100')],
    'GET /series?expand&limit=100&since=100': [get('/series?expand&since=100&limit=100')],
    'GET /instances?expand&limit=100&since=100': [get('/instances?expand&since=100&limit=100')],
    'find by identifier, Expand': findsById(1_000, { Expand: true }),
    'find by name wildcard, Limit 50, Expand': [find({ PatientName: '*SON*' }, page)],
    'find by name prefix, Limit 10, Expand': [find({ PatientName: 'JONES^*' }, { ...page, Limit: 10 })],
    'find by date range, Limit 50, Expand': [find({ StudyDate: YEAR }, page)],
    'find by modality and date, Limit 20, Expand': [
      find({ StudyDate: YEAR, ModalitiesInStudy: 'CT' }, { ...page, Limit: 20 }),
    ],
    'GET /changes?limit=100&since=100': [get('/changes?since=100&limit=100')],
    'GET /statistics': [get('/statistics')],
  };
  const deep: Record<string, readonly RequestSpec[]> = {
    'GET /studies?limit=100': [get(`/studies?since=${deepest}&limit=100`)],
    'GET /studies?expand&limit=100': [get(`/studies?expand&since=${deepest}&limit=100`)],
    'GET /instances?expand&limit=100': [get(`/instances?expand&since=${2 * deepest}&limit=100`)],
    'find all, Limit 100, Expand': [find({}, { Expand: true, Since: deepest, Limit: 100 })],
  };
  const half = `since=0&limit=${studies / 2}`;
  const whole: Record<string, readonly [half: RequestSpec, all: RequestSpec]> = {
    'GET /studies': [get(`/studies?${half}`), get('/studies')],
    'GET /studies?expand': [get(`/studies?expand&${half}`), get('/studies?expand')],
  };
  return {
    studies,
    pages: await each(pages, (requests) => cost(bench, requests, REQUESTS)),
    deep: await each(deep, (requests) => cost(bench, requests, REQUESTS / 4)),
    whole: await each(whole, (requests) => rowCosts(bench, requests, studies)),
  };
}

/** Notes how costs changed from a small archive to a large one. */
export function noteGrowth(bench: Bench, small: Costs, large: Costs): void {
  const [from, to] = [small.studies.toLocaleString('en'), large.studies.toLocaleString('en')];
  for (const [name, before] of small.pages) {
    const after = large.pages.get(name)!;
    const group = `cost of a page at ${to} studies by that at ${from} (p50)`;
    const detail = `${before.toFixed(2)} ms, then ${after.toFixed(2)} ms`;
    bench.note({ group, name, value: after / before, unit: '×', detail, goal: { kind: 'at most', value: 2 } });
  }
  for (const [name, value] of large.deep) {
    const group = `pages at nine tenths of ${to} studies (p50)`;
    bench.note({ group, name, value, unit: 'ms', goal: { kind: 'at most', value: 20 } });
  }
  for (const [name, { half, all }] of large.whole) {
    const group = `whole lists of ${to} studies, cost of a row by that in half of the list (p50)`;
    const detail = `${half.toFixed(2)} ms, then ${all.toFixed(2)} ms for 1,000 rows`;
    bench.note({ group, name, value: all / half, unit: '×', detail, goal: { kind: 'at most', value: 1.5 } });
  }
}

/** In turn, so that both find the server's memory filled by the other one. */
async function rowCosts(
  bench: Bench,
  requests: readonly RequestSpec[],
  studies: number,
): Promise<{ half: number; all: number }> {
  const work = { kind: 'requests', requests } as const;
  await bench.run(bench.annal, 1, { ...work, times: 1 });
  const { latencies } = await bench.run(bench.annal, 1, { ...work, times: WHOLE_REQUESTS });
  const of = (which: number): number => median(latencies.filter((_, index) => index % 2 === which));
  return { half: (of(0) / (studies / 2)) * 1000, all: (of(1) / studies) * 1000 };
}

async function cost(bench: Bench, requests: readonly RequestSpec[], count: number): Promise<number> {
  const times = Math.max(1, Math.round(count / requests.length));
  const work = { kind: 'requests', requests, times } as const;
  await bench.run(bench.annal, 1, { ...work, times: Math.ceil(times / 4) });
  return median((await bench.run(bench.annal, 1, work)).latencies);
}

async function each<T, R>(cases: Record<string, T>, measure: (value: T) => Promise<R>): Promise<Map<string, R>> {
  const measured = new Map<string, R>();
  for (const [name, value] of Object.entries(cases)) measured.set(name, await measure(value));
  return measured;
}
