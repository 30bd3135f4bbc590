import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { median } from '../measure/statistics.js';
import { find, findsById, get } from './read-requests.js';

/** Typical costs of Annal's answers at one size of the archive, ms; of whole lists, ms for a thousand rows. */
export interface Costs {
  readonly studies: number;
  readonly pages: ReadonlyMap<string, number>;
  readonly deep: ReadonlyMap<string, number>;
  readonly whole: ReadonlyMap<string, number>;
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
  const whole: Record<string, readonly RequestSpec[]> = {
    'GET /studies': [get('/studies')],
    'GET /studies?expand': [get('/studies?expand')],
  };
  return {
    studies,
    pages: await each(pages, (requests) => cost(bench, requests, REQUESTS)),
    deep: await each(deep, (requests) => cost(bench, requests, REQUESTS / 4)),
    whole: await each(whole, async (requests) => ((await cost(bench, requests, WHOLE_REQUESTS)) / studies) * 1000),
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
  for (const [name, before] of small.whole) {
    const after = large.whole.get(name)!;
    const group = `whole lists, cost of a row at ${to} studies by that at ${from} (p50)`;
    const detail = `${before.toFixed(2)} ms, then ${after.toFixed(2)} ms for 1,000 rows`;
    bench.note({ group, name, value: after / before, unit: '×', detail, goal: { kind: 'at most', value: 1.5 } });
  }
}

async function cost(bench: Bench, requests: readonly RequestSpec[], count: number): Promise<number> {
  const times = Math.max(1, Math.round(count / requests.length));
  const work = { kind: 'requests', requests, times } as const;
  await bench.run(bench.annal, 1, { ...work, times: Math.ceil(times / 4) });
  return median((await bench.run(bench.annal, 1, work)).latencies);
}

async function each<T>(cases: Record<string, T>, measure: (value: T) => Promise<number>): Promise<Map<string, number>> {
  const measured = new Map<string, number>();
  for (const [name, value] of Object.entries(cases)) measured.set(name, await measure(value));
  return measured;
}
