import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Bench } from '../measure/bench.js';
import { LAUNCHER } from '../servers/annal-server.js';
import { countsOf } from '../servers/server.js';

/** Rebuilds the read models from the log by the command, beside the running server. */
export async function rebuild(bench: Bench): Promise<void> {
  bench.report('rebuild');
  const { CountInstances } = await countsOf(bench.annal.url);
  const { stdout } = await promisify(execFile)(LAUNCHER, ['rebuild', bench.annal.configurationFile]);
  const [, seconds] = /in ([\d.]+) s/.exec(stdout) ?? [];
  if (seconds === undefined) throw new Error(`Rebuild does not say how long it took: ${stdout}`);
  bench.note({
    group: 'rebuild',
    name: `of ${CountInstances.toLocaleString('en')} instances`,
    value: CountInstances / Number(seconds),
    unit: 'instances/s',
    goal: { kind: 'at least', value: 3000 },
  });
}
