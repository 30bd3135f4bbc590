import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { type Goal } from '../measure/measurement.js';
import { type Plan } from '../plan.js';
import { countsOf } from '../servers/server.js';
import { find, findsByDate, findsById, findsByName, get, singles } from './read-requests.js';

interface ReadCase {
  readonly name: string;
  readonly requests: readonly RequestSpec[];
  /** How many requests a round. */
  readonly count: number;
  readonly goal?: number;
}

const CONNECTIONS = 8;
const LISTS = 5;
const SINGLE = 2;
const FIND = 5;

/** Lists, single resources, searches, changes and statistics, at the number of studies there are. */
export async function read(bench: Bench, plan: Plan, studies: number): Promise<void> {
  await sameContents(bench);
  const group = `${studies.toLocaleString('en')} studies`;
  const { url } = bench.annal;
  const whole = Math.max(CONNECTIONS, Math.round(40_000 / studies));
  const pages = Array.from({ length: 10 }, (_, index) => Math.floor((studies * index) / 10));
  const cases: readonly ReadCase[] = [
    { name: 'GET /studies?expand, all', requests: [get('/studies?expand')], count: whole, goal: LISTS },
    { name: 'GET /patients?expand, all', requests: [get('/patients?expand')], count: whole, goal: LISTS },
    { name: 'GET /studies?expand, pages of 100', requests: pagesOf('/studies?expand', pages), count: 160, goal: LISTS },
    { name: 'GET /series?expand, pages of 100', requests: pagesOf('/series?expand', pages), count: 160, goal: LISTS },
    {
      name: 'GET /instances?expand, pages of 100',
      requests: pagesOf('/instances?expand', pages),
      count: 160,
      goal: LISTS,
    },
    { name: 'GET /studies, all', requests: [get('/studies')], count: whole * 4 },
    { name: 'GET /studies/{id}', requests: await singles(url, 'studies'), count: 1000, goal: SINGLE },
    { name: 'GET /series/{id}', requests: await singles(url, 'series'), count: 1000, goal: SINGLE },
    { name: 'GET /instances/{id}', requests: await singles(url, 'instances'), count: 1000, goal: SINGLE },
    { name: 'find by identifier', requests: findsById(studies, {}), count: 400 },
    { name: 'find by identifier, Expand', requests: findsById(studies, { Expand: true }), count: 400, goal: FIND },
    { name: 'find by name wildcard', requests: findsByName({}), count: 160 },
    { name: 'find by name wildcard, Expand', requests: findsByName({ Expand: true }), count: 80, goal: FIND },
    { name: 'find by date range', requests: findsByDate({}), count: 240 },
    { name: 'find by date range, Expand', requests: findsByDate({ Expand: true }), count: 120, goal: FIND },
    { name: 'find all, first 100, Expand', requests: [find({}, { Expand: true, Limit: 100 })], count: 160, goal: FIND },
    { name: 'GET /statistics', requests: [get('/statistics')], count: 400 },
  ];
  for (const { name, requests, count, goal } of cases) {
    const times = Math.max(1, Math.round((count * plan.requestsFactor) / requests.length));
    await bench.compare({
      group,
      name,
      connections: CONNECTIONS,
      unit: 'requests/s',
      goal: atLeast(goal),
      work: () => ({ kind: 'requests', requests, times }),
    });
  }
  await bench.compare({
    group,
    name: 'GET /changes, all in pages of 1,000',
    connections: 1,
    unit: 'rows/s',
    goal: atLeast(1),
    work: () => ({ kind: 'changes', limit: 1000 }),
  });
  bench.noteMemory(`reading at ${group}`);
}

function pagesOf(list: string, since: readonly number[]): RequestSpec[] {
  return since.map((first) => get(`${list}&since=${first}&limit=100`));
}

function atLeast(value: number | undefined): Goal | undefined {
  return value === undefined ? undefined : { kind: 'at least', value };
}

/** What is compared must be the same archive. */
async function sameContents(bench: Bench): Promise<void> {
  const [annal, orthanc] = await Promise.all(bench.servers.map(({ url }) => countsOf(url)));
  if (!orthanc || !annal) return;
  if (annal.CountInstances !== orthanc.CountInstances || annal.CountStudies !== orthanc.CountStudies) {
    throw new Error(`The servers hold different archives: ${JSON.stringify(annal)} and ${JSON.stringify(orthanc)}`);
  }
}
