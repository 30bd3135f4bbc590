import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';

const CLIENTS = 8;

/** Eight clients upload a very large file each, all at once. */
export async function largeFiles(bench: Bench, plan: Plan): Promise<void> {
  const size = `${plan.largeFile / 1e6} MB`;
  bench.report(`${CLIENTS} files of ${size}`);
  const work = { kind: 'large-uploads', count: CLIENTS, pixelBytes: plan.largeFile } as const;
  bench.noteMemory('before large files');
  const { seconds } = await bench.run(bench.annal, CLIENTS, work);
  bench.note({
    group: 'large files',
    name: `${CLIENTS} uploads of ${size} at once`,
    value: (CLIENTS * plan.largeFile) / 1e6 / seconds,
    unit: 'MB/s',
  });
  bench.noteMemory(`${CLIENTS} uploads of ${size}`);
}
