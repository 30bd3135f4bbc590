import { residentMemory } from './processes.js';

const OFTEN_MS = 50;

/** Does something and says how much memory, in bytes, that of these processes had meanwhile that had most (Linux). */
export async function peakMemory(processes: readonly number[], work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, ...processes.map(residentMemory))), OFTEN_MS);
  await work().finally(() => clearInterval(watch));
  return peak;
}
