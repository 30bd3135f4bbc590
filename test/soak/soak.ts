import { randomInt } from 'node:crypto';
import { ArchiveServer } from '../support/archive-server.js';
import { testKafka } from '../support/kafka/test-kafka.js';
import { LOG_UNDER_TEST } from '../support/log-under-test.js';
import { describeFigures, noFigures } from '../support/storm/figures.js';
import { storm, STORM_CONFIGURATION } from '../support/storm/storm.js';
import type { SoakOptions } from './options.js';

/** So often an archive is begun anew, with the next seed: its history and its topics do not grow without end. */
const KILLS_AN_ARCHIVE = 100;

const TIME = 'time';
const INTERRUPTED_STATUS = 130;

/**
 * Storms over one archive after another, each with a PostgreSQL of its own that is killed too, until there were enough
 * kills, the time is over, or somebody interrupts it.
 * @param say takes what is to be printed: progress, what is wrong, and a line about everything in the end
 * @returns the exit status
 */
export async function soak(
  { kills, minutes, seed: first = randomInt(1, 2 ** 31) }: Omit<SoakOptions, 'kafka'>,
  say: (line: string) => void,
): Promise<number> {
  // it has said why there is none
  if (LOG_UNDER_TEST === 'kafka' && !(await testKafka())) return 1;
  const ending = new AbortController();
  const interrupt = (): void => ending.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const timer = minutes === Infinity ? undefined : setTimeout(() => ending.abort(TIME), minutes * 60_000);
  const figures = noFigures();
  const begun = performance.now();
  const soFar = (): string => `${Math.round((performance.now() - begun) / 1000)} s: ${describeFigures(figures)}`;
  const { signal } = ending;
  say(`log in ${LOG_UNDER_TEST}, seed ${first}`);
  try {
    for (let seed = first; figures.kills < kills && !signal.aborted; seed++) {
      const wanted = Math.min(KILLS_AN_ARCHIVE, kills - figures.kills);
      await stormOver(seed, wanted, { signal, figures, checked: () => say(soFar()) });
    }
    return signal.aborted && signal.reason !== TIME ? INTERRUPTED_STATUS : 0;
  } catch (error) {
    say((error as Error).message);
    return 1;
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    say(`soak: ${soFar()}`);
  }
}

async function stormOver(
  seed: number,
  kills: number,
  options: Omit<Parameters<typeof storm>[1], 'seed' | 'kills'>,
): Promise<void> {
  const server = await ArchiveServer.start({ embedded: true, configuration: STORM_CONFIGURATION });
  try {
    await storm(server, { seed, kills, ...options });
  } finally {
    await server.close();
  }
}
