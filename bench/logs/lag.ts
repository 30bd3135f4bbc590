import { setTimeout as delay } from 'node:timers/promises';
import { type AnnalServer } from '../servers/annal-server.js';

const LOOK_MS = 20;

/** How many events are in the log and not in the read models. */
export async function lagOf(server: AnnalServer): Promise<number> {
  const { Lag } = (await (await fetch(`${server.url}/health/ready`)).json()) as { readonly Lag?: number };
  return Lag ?? NaN;
}

/** Resolves when everything is folded; with the seconds that took. */
export async function untilFolded(server: AnnalServer): Promise<number> {
  const started = performance.now();
  while ((await lagOf(server)) !== 0) await delay(LOOK_MS);
  return (performance.now() - started) / 1000;
}
