import { type Account } from './account.js';
import { type PostgresBinaries } from './binaries.js';
import { EmbeddedPostgresError, OWN_SERVER } from './errors.js';
import { launchers, type Launcher } from './launcher.js';
import { runProgram, type ProgramResult } from './run-program.js';

/** A launcher that was tried out, and what it started. */
export interface ChosenLauncher {
  readonly launcher: Launcher;
  /** e.g. 18 */
  readonly majorVersion: number;
}

/** Enters the folder ($1), looks whether it can be read and written, and asks the program ($2) for its version. */
const PROBE = 'cd "$1" && test -r . && test -w . && exec "$2" --version';

/**
 * Finds the least privileged way in which PostgreSQL starts and reaches its folder.
 * @throws EmbeddedPostgresError with the way out where there is none
 */
export async function chooseLauncher(
  { postgres }: PostgresBinaries,
  directory: string,
  account: Account | undefined,
): Promise<ChosenLauncher> {
  let last: ProgramResult | undefined;
  for (const launcher of launchers(account)) {
    const result = await runProgram(launcher, '/bin/sh', ['-c', PROBE, 'sh', directory, postgres]);
    const major = /PostgreSQL\) (\d+)/.exec(result.output)?.[1];
    if (result.code === 0 && major) return { launcher, majorVersion: Number(major) };
    // what the first one met tells more than a missing setpriv
    if (!last || result.errors.includes('shared librar')) last = result;
  }
  throw new EmbeddedPostgresError(explain(last?.errors.trim() || 'no reason given', directory, account));
}

function explain(reason: string, directory: string, account: Account | undefined): string {
  if (reason.includes('shared librar')) {
    return (
      `The embedded PostgreSQL lacks a library on this machine: ${reason}. ` +
      `Install the library, or install again with npm's install scripts allowed (npm ci), or ${OWN_SERVER}.`
    );
  }
  if (account) {
    return (
      `PostgreSQL does not run as root, and the user ${account.uid} as whom Annal starts it can't reach ${directory} ` +
      `or PostgreSQL's programs: ${reason}. Set IndexDirectory to a folder that others may enter, ` +
      `run Annal as an ordinary user, or ${OWN_SERVER}.`
    );
  }
  return `The embedded PostgreSQL does not run on this machine: ${reason}. To go on, ${OWN_SERVER}.`;
}
