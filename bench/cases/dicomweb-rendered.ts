import { uidsOfImage } from '../archive/images.js';
import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';
import { get } from './read-requests.js';

const CONNECTIONS = 8;
const GROUP = 'DICOMweb';
const SLICES = 100;

/** Pictures of a CT study, which is there already. */
export async function dicomWebRendered(bench: Bench, { slices, requestsFactor }: Plan): Promise<void> {
  const count = Math.min(slices, SLICES);
  const each = (pathOf: (uids: ReturnType<typeof uidsOfImage>) => string): RequestSpec[] =>
    Array.from({ length: count }, (_, index) => get(pathOf(uidsOfImage('slices', index))));
  const rendered = (query: string): RequestSpec[] =>
    each(
      ({ studyUid, seriesUid, sopUid }) =>
        `/dicom-web/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}/frames/1/rendered${query}`,
    );
  const cases: readonly (readonly [name: string, requests: readonly RequestSpec[], total: number])[] = [
    ['rendered CT slice as JPEG', rendered(''), 800],
    ['rendered CT slice through a window', rendered('?window=40,400,linear'), 800],
    ['rendered CT slice in a viewport of 128 x 128', rendered('?viewport=128,128'), 800],
    ['WADO-URI of a CT slice as JPEG', each(({ sopUid }) => `/wado?requestType=WADO&objectUID=${sopUid}`), 800],
  ];
  for (const [name, requests, total] of cases) {
    await bench.compare({
      group: GROUP,
      name,
      connections: CONNECTIONS,
      unit: 'requests/s',
      goal: { kind: 'at least', value: 2 },
      work: () => ({ kind: 'requests', requests, times: Math.max(1, Math.round((total * requestsFactor) / count)) }),
    });
  }
}
