import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type AnnalServer, LAUNCHER } from '../servers/annal-server.js';
import { countsOf } from '../servers/server.js';
import { goal, type LogServers, type Row } from './table.js';

const GOAL = 3_000;

/** The rebuild command beside the running server, on either log. */
export async function rebuilds({ postgres, kafka, say }: LogServers): Promise<Row[]> {
  say('rebuild');
  const [one, other] = [await rateOf(postgres), await rateOf(kafka)];
  const show = (rate: number): string => `${Math.round(rate)} instances/s`;
  return [{ name: 'rebuild', postgres: show(one), kafka: show(other), goal: goal('≥ 3,000/s', other >= GOAL) }];
}

/** Instances a second. */
export async function rateOf(server: AnnalServer): Promise<number> {
  const { CountInstances } = await countsOf(server.url);
  const { stdout } = await promisify(execFile)(LAUNCHER, ['rebuild', server.configurationFile]);
  const [, seconds] = /in ([\d.]+) s/.exec(stdout) ?? [];
  if (seconds === undefined) throw new Error(`Rebuild does not say how long it took: ${stdout}`);
  return CountInstances / Number(seconds);
}
