import { type ImageFiles, uidsOfImage } from '../archive/images.js';
import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';
import { get } from './read-requests.js';

const CONNECTIONS = 8;
const GROUP = 'DICOMweb';
const SERIES = 100;
/** What a slice's file is about, bytes. */
const FILE_SIZE = 525_000;
const AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';
/** As OHIF asks for frames. */
const FRAMES = 'multipart/related; type=application/octet-stream; transfer-syntax=*';

/** WADO-RS of a CT study, which is there already: instances, a series, frames. */
export async function dicomWebRetrieve(bench: Bench, { slices, requestsFactor }: Plan): Promise<void> {
  const count = Math.min(slices, SERIES);
  const each = (rest: string, accept: string): RequestSpec[] =>
    Array.from({ length: count }, (_, index) => ({ ...get(`${pathOf('slices', index)}${rest}`), accept }));
  const compare = (name: string, requests: readonly RequestSpec[], total: number, goal: number): Promise<void> =>
    bench.compare({
      group: GROUP,
      name,
      connections: CONNECTIONS,
      unit: 'requests/s',
      goal: { kind: 'at least', value: goal },
      work: () => ({ kind: 'requests', requests, times: Math.max(1, Math.round((total * requestsFactor) / count)) }),
    });
  await compare('WADO-RS instance of 525 KB', each('', AS_STORED), 1000, 3);
  await compare('WADO-RS frames of 524 KB', each('/frames/1', FRAMES), 1000, 3);
  const { studyUid, seriesUid } = uidsOfImage('slices', 0);
  const series = { ...get(`/dicom-web/studies/${studyUid}/series/${seriesUid}`), accept: AS_STORED };
  const times = Math.max(1, Math.round(10 * requestsFactor));
  await bench.compare({
    group: GROUP,
    name: `WADO-RS series of ${count} slices`,
    connections: 1,
    unit: 'MB/s',
    goal: { kind: 'at least', value: 1.2 },
    work: () => ({ kind: 'requests', requests: [series], times }),
    units: () => (times * count * FILE_SIZE) / 1e6,
  });
}

function pathOf(kind: ImageFiles['kind'], index: number): string {
  const { studyUid, seriesUid, sopUid } = uidsOfImage(kind, index);
  return `/dicom-web/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}`;
}
