import { SCANNED } from '../archive/study.js';
import { type Bench } from '../measure/bench.js';
import { type Goal } from '../measure/measurement.js';
import { type Plan } from '../plan.js';

/** With the header: 20 KB and 520 KB. */
const SMALL_PIXELS = 18_500;
const CT_PIXELS = 520_000;

interface Kind {
  readonly name: string;
  readonly pixelBytes: number;
  readonly uploads: number;
  readonly goal: Goal;
}

/** Uploads of small and CT instances, over one connection and over eight. */
export async function ingest(bench: Bench, plan: Plan): Promise<void> {
  const kinds: readonly Kind[] = [
    { name: '20 KB', pixelBytes: SMALL_PIXELS, uploads: plan.smallUploads, goal: { kind: 'at least', value: 1.6 } },
    { name: '520 KB', pixelBytes: CT_PIXELS, uploads: plan.ctUploads, goal: { kind: 'at least', value: 1.1 } },
  ];
  bench.report('ingest: warming up');
  for (const server of bench.servers) {
    const part = { skip: 0, count: 4 * plan.smallUploads };
    await bench.run(server, 8, { kind: 'uploads', area: 9, shape: SCANNED, part, pixelBytes: SMALL_PIXELS });
  }
  let area = 0;
  for (const { name, pixelBytes, uploads, goal } of kinds) {
    for (const connections of [1, 8]) {
      area += 1;
      const [ownArea, count] = [area, connections === 1 ? uploads / 2 : uploads];
      await bench.compare({
        group: 'ingest',
        name: `${name}, ${connections === 1 ? '1 connection' : `${connections} connections`}`,
        connections,
        unit: 'instances/s',
        goal: connections === 8 ? goal : undefined,
        work: (round) => ({
          kind: 'uploads',
          area: ownArea,
          shape: SCANNED,
          part: { skip: round * count, count },
          pixelBytes,
        }),
      });
    }
  }
  bench.noteMemory('ingest');
}
