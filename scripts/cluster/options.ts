import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Where everything is kept, as an absolute path. */
  readonly directory: string;
  /** The first of PORTS ports. */
  readonly ports: number;
}

/** How many ports the cluster takes, one behind the other. */
export const PORTS = 8;
export const USAGE = 'npm run cluster [-- [--directory FOLDER] [--ports BASE]]';
const DEFAULTS = { directory: 'data/cluster', ports: '8042' };

/** Reads the arguments of the command. @throws Error with what is wrong with them */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      directory: { type: 'string', default: DEFAULTS.directory },
      ports: { type: 'string', default: DEFAULTS.ports },
    },
  });
  const ports = Number(values.ports);
  if (!/^\d+$/.test(values.ports) || ports < 1 || ports + PORTS > 65_536) {
    throw new Error(`--ports takes the first of ${PORTS} ports, not "${values.ports}"`);
  }
  return { directory: resolve(values.directory), ports };
}
