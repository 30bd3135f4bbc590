import { randomInt } from 'node:crypto';
import { outgoingStorm, type OutgoingFigures } from '../support/storm/outgoing-storm.js';
import type { SoakOptions } from './options.js';

const KILL_EVERY_MS = 60_000;

/**
 * A storm over what goes to and comes from another server, until there were enough kills, one a minute, or the time is over.
 * @returns the exit status
 */
export async function soakOutgoing(
  { kills, minutes, seed = randomInt(1, 2 ** 31) }: Pick<SoakOptions, 'kills' | 'minutes' | 'seed'>,
  say: (line: string) => void,
): Promise<number> {
  const begun = performance.now();
  const soFar = ({ submitted, controlled, kills: killed, memory }: OutgoingFigures): string => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    const jobs = `${submitted} jobs submitted, ${controlled} times paused, resumed, cancelled or resubmitted`;
    return `${seconds} s: ${killed} kills, ${jobs}; the worker process had, in MB, ${memory.join(', ')}`;
  };
  let told = 0;
  const isOver = (figures: OutgoingFigures): boolean => {
    if (figures.kills > told) say(soFar(figures));
    told = figures.kills;
    return figures.kills >= kills || performance.now() - begun > minutes * 60_000;
  };
  say(`outgoing, seed ${seed}`);
  try {
    say(`soak: ${soFar(await outgoingStorm({ seed, killEvery: KILL_EVERY_MS, isOver }))}`);
    return 0;
  } catch (error) {
    say((error as Error).message);
    return 1;
  }
}
