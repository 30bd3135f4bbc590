import { rateOf } from '../logs/rebuilds.js';
import { type Bench } from '../measure/bench.js';
import { countsOf } from '../servers/server.js';

/** Rebuilds the read models from the log by the command, beside the running server. */
export async function rebuild(bench: Bench): Promise<void> {
  bench.report('rebuild');
  const { CountInstances } = await countsOf(bench.annal.url);
  const value = await rateOf(bench.annal);
  bench.note({
    group: 'rebuild',
    name: `of ${CountInstances.toLocaleString('en')} instances`,
    value,
    unit: 'instances/s',
    goal: { kind: 'at least', value: 3000 },
  });
}
