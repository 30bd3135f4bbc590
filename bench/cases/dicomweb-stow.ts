import { SCANNED } from '../archive/study.js';
import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';

const AREA = 40;
const CONNECTIONS = 4;
const PER_REQUEST = 10;
/** With the header: 520 KB. */
const CT_PIXELS = 520_000;

/** STOW-RS of CT instances, ten a request. */
export async function dicomWebStow(bench: Bench, { ctUploads }: Plan): Promise<void> {
  await bench.compare({
    group: 'DICOMweb',
    name: `STOW-RS of ${PER_REQUEST} CT instances a request`,
    connections: CONNECTIONS,
    unit: 'instances/s',
    goal: { kind: 'at least', value: 2 },
    work: (round) => ({
      kind: 'stow',
      perRequest: PER_REQUEST,
      uploads: {
        kind: 'uploads',
        area: AREA,
        shape: SCANNED,
        part: { skip: round * ctUploads, count: ctUploads },
        pixelBytes: CT_PIXELS,
      },
    }),
    units: () => ctUploads,
  });
}
