import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface SoakOptions {
  readonly kills: number;
  readonly minutes: number;
  readonly kafka: boolean;
  /** What goes to and comes from other servers, instead of uploads. */
  readonly outgoing: boolean;
  readonly seed: number | undefined;
}

export const USAGE = `npm run soak -- [--kills N] [--minutes N] [--kafka] [--outgoing] [--seed N]

  --kills N    until so many processes were killed (default: 1000)
  --minutes N  or for so long, whichever is first (default: without end)
  --kafka      with the log in Kafka instead of PostgreSQL
  --outgoing   of jobs that send to and retrieve from an unreliable server, instead of uploads: a kill a minute
  --seed N     what an earlier run began with, or named when it failed (default: a random one)
`;

/** @throws on what is no option, or no number */
export function parseOptions(args: readonly string[]): SoakOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '1000' },
      minutes: { type: 'string', default: 'Infinity' },
      kafka: { type: 'boolean', default: false },
      outgoing: { type: 'boolean', default: false },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { kills, minutes, kafka, outgoing, seed } = values;
  return {
    kills: above0('kills', kills),
    minutes: above0('minutes', minutes),
    kafka,
    outgoing,
    seed: seed === undefined ? undefined : above0('seed', seed),
  };
}

function above0(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} wants a number above 0, not ${text}`);
  return value;
}
