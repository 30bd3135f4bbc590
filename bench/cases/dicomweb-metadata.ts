import { uidsOfImage } from '../archive/images.js';
import { studyOf } from '../archive/study.js';
import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';
import { get } from './read-requests.js';

const CONNECTIONS = 8;
const GROUP = 'DICOMweb';
const AREA = 41;
const SERIES = 3;
const SLICES = 100;
const SHAPE = { series: [SERIES, SERIES], instances: [SLICES, SLICES] } as const;
/** Studies whose metadata nobody has asked for: more than there are rounds. */
const UNSEEN = 8;
/** A study that is opened as a whole. */
const LARGE = { series: [1, 1], instances: [2000, 2000] } as const;
const LARGE_AREA = 42;

/** Metadata of a CT study, which is there already, and of studies that nobody has looked at. */
export async function dicomWebMetadata(bench: Bench, { slices, requestsFactor }: Plan): Promise<void> {
  const { studyUid, seriesUid } = uidsOfImage('slices', 0);
  const path = `/dicom-web/studies/${studyUid}`;
  const compare = (name: string, request: RequestSpec, times: number, goal: number): Promise<void> =>
    bench.compare({
      group: GROUP,
      name,
      connections: CONNECTIONS,
      unit: 'requests/s',
      goal: { kind: 'at least', value: goal },
      work: () => ({ kind: 'requests', requests: [request], times: Math.max(8, Math.round(times * requestsFactor)) }),
    });
  const study = get(`${path}/metadata`);
  const series = get(`${path}/series/${seriesUid}/metadata`);
  // Orthanc answers 409 to some of those who ask at once for what it has to prepare
  const first = { kind: 'requests', requests: [series, study], times: 1 } as const;
  for (const server of bench.servers) await bench.run(server, 1, first);
  await compare(`metadata of ${slices} slices`, study, 200, 10);
  await compare(`metadata of ${slices} slices, gzip`, { ...study, encoding: 'gzip' }, 200, 30);
  await compare('metadata of a series', series, 400, 6);
  await unseen(bench);
}

/** The first requests for metadata after the uploads. */
async function unseen(bench: Bench): Promise<void> {
  bench.report('uploading studies that nobody looks at');
  const part = { studies: [0, UNSEEN] } as const;
  const large = { studies: [0, 1] } as const;
  for (const server of bench.servers) {
    await bench.run(server, CONNECTIONS, { kind: 'uploads', area: AREA, shape: SHAPE, part, pixelBytes: 0 });
  }
  await bench.compare({
    group: GROUP,
    name: `first metadata of ${SERIES * SLICES} instances`,
    connections: 1,
    unit: 'requests/s',
    goal: { kind: 'at least', value: 20 },
    work: (round) => ({ kind: 'requests', requests: [metadataOf(AREA, round, SHAPE)], times: 1 }),
  });
  const uploads = { kind: 'uploads', area: LARGE_AREA, shape: LARGE, part: large, pixelBytes: 0 } as const;
  await bench.run(bench.annal, CONNECTIONS, uploads);
  const opened = { kind: 'requests', requests: [metadataOf(LARGE_AREA, 0, LARGE)], times: 1 } as const;
  const { seconds } = await bench.run(bench.annal, 1, opened);
  bench.note({
    group: GROUP,
    name: 'first metadata of 2,000 instances',
    unit: 'ms',
    value: seconds * 1000,
    goal: { kind: 'at most', value: 1000 },
  });
}

function metadataOf(area: number, index: number, shape: typeof SHAPE | typeof LARGE): RequestSpec {
  return get(`/dicom-web/studies/${studyOf(area, index, shape).uid}/metadata`);
}
