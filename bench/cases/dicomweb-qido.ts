import { type ImageFiles, uidsOfImage } from '../archive/images.js';
import { between, randomFrom } from '../archive/random.js';
import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { type Goal } from '../measure/measurement.js';
import { quantile } from '../measure/statistics.js';
import { type Plan } from '../plan.js';
import { growingStudy } from './growing-archive.js';
import { get } from './read-requests.js';

/** The slowest of twenty answers to each kind of search, ms. */
export type SearchLatencies = ReadonlyMap<string, number>;

const CONNECTIONS = 8;
const SAMPLES = 40;
const SLICES: ImageFiles = { kind: 'slices', count: 100 };
const FAMILIES = ['SMITH*', 'JON*', 'KOWAL*', 'TANAKA*', '*AYLOR*', '*SCHER*', 'PATEL*', '*OREAU*'];

/** Searches for studies by main tags, and for the instances of a series, beside Orthanc. */
export async function qido(bench: Bench, plan: Plan, studies: number): Promise<void> {
  for (const server of bench.servers) await bench.run(server, CONNECTIONS, { kind: 'image-uploads', images: SLICES });
  const { studyUid, seriesUid } = uidsOfImage('slices');
  const path = `/dicom-web/studies/${studyUid}/series/${seriesUid}/instances`;
  const mix = interleaved(Object.values(mainTagSearches(studies)));
  await compare(bench, plan, 'studies: id, name, date, modality, pages', mix, 800, atLeast(10));
  await compare(bench, plan, `instances of a series of ${SLICES.count} slices`, [get(path)], 400, atLeast(8));
  const others = interleaved(Object.values(otherSearches()));
  await compare(bench, plan, 'studies: other tags, sequences', others, 40);
  bench.noteMemory(`QIDO-RS at ${studies.toLocaleString('en')} studies`);
}

/** How long searches take at one size of the archive, one at a time. */
export async function searchLatencies(bench: Bench, studies: number): Promise<SearchLatencies> {
  bench.report(`searches at ${studies} studies`);
  const latencies = new Map<string, number>();
  for (const [name, requests] of Object.entries(mainTagSearches(studies))) {
    const work = { kind: 'requests', requests, times: 1 } as const;
    await bench.run(bench.annal, 1, work);
    const measured = await bench.run(bench.annal, 1, { ...work, times: 5 });
    latencies.set(name, quantile(measured.latencies, 0.95));
  }
  return latencies;
}

/** Notes how searches became slower from a small archive to a large one. */
export function noteSearchGrowth(bench: Bench, small: SearchLatencies, large: SearchLatencies, plan: Plan): void {
  const [from, to] = [plan.smallArchive, plan.largeArchive].map((count) => count.toLocaleString('en'));
  for (const [name, before] of small) {
    const after = large.get(name)!;
    const group = `QIDO-RS at ${to} studies by that at ${from} (p95)`;
    const detail = `${before.toFixed(2)} ms, then ${after.toFixed(2)} ms`;
    bench.note({ group, name, value: after / before, unit: '×', detail, goal: { kind: 'at most', value: 2 } });
  }
}

/** Searches by what the index has columns for, by kind; the same kinds of searches at every size of the archive. */
function mainTagSearches(studies: number): Record<string, readonly RequestSpec[]> {
  const random = randomFrom(studies + 3);
  const some = (make: (index: number) => string): RequestSpec[] =>
    Array.from({ length: SAMPLES }, (_, index) => get(`/dicom-web/studies?${make(index)}`));
  const any = (): ReturnType<typeof growingStudy> => growingStudy(between(random, 0, studies - 1));
  const month = (index: number): string => `${2015 + (index % 8)}${String((index % 12) + 1).padStart(2, '0')}`;
  return {
    'by identifier': some((index) =>
      index % 2 === 0 ? `StudyInstanceUID=${any().uid}` : `PatientID=${any().patientId}`,
    ),
    'by accession number': some(() => `AccessionNumber=${any().accessionNumber}`),
    'by name wildcard': some((index) => `PatientName=${FAMILIES[index % FAMILIES.length]}&limit=50`),
    'by date range': some((index) => `StudyDate=${month(index)}01-${month(index)}28&limit=50`),
    'by modality and date': some((index) => `ModalitiesInStudy=CT&StudyDate=${month(index)}01-&limit=20`),
    'in pages': some((index) => `limit=100&offset=${Math.floor((studies * (index % 10)) / 10)}`),
  };
}

/** Searches that headers decide, narrowed by a date as people do. */
function otherSearches(): Record<string, readonly RequestSpec[]> {
  const find = (query: string): readonly RequestSpec[] => [
    get(`/dicom-web/studies?StudyDate=20180101-20180331&limit=20&${query}`),
  ];
  return {
    'other tag': find('PatientPosition=HFS'),
    'sequence, shown': find('includefield=RequestAttributesSequence,Manufacturer'),
  };
}

function interleaved(lists: readonly (readonly RequestSpec[])[]): readonly RequestSpec[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
}

async function compare(
  bench: Bench,
  plan: Plan,
  name: string,
  requests: readonly RequestSpec[],
  count: number,
  goal?: Goal,
): Promise<void> {
  const times = Math.max(1, Math.round((count * plan.requestsFactor) / requests.length));
  const work = { kind: 'requests', requests, times } as const;
  await bench.compare({ group: 'QIDO-RS', name, connections: CONNECTIONS, unit: 'requests/s', goal, work: () => work });
}

function atLeast(value: number): Goal {
  return { kind: 'at least', value };
}
