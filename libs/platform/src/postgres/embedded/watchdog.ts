import { join } from 'node:path';
import { type Launcher } from './launcher.js';

/**
 * Waits for the end of its input: a line means that all is well, without one Annal was killed. Then the PostgreSQL with
 * this process id ($2, as in the file $1) is stopped after $3 seconds, unless it is gone or replaced before.
 */
const SCRIPT = `read -r line && exit 0
current() { [ -r "$1" ] && read -r pid < "$1" && [ "$pid" = "$2" ]; }
left=$3
while [ "$left" -gt 0 ]; do
  current "$1" "$2" || exit 0
  sleep 1
  left=$((left - 1))
done
current "$1" "$2" && kill -INT "$2"`;

/** Sees to it that a killed Annal does not leave PostgreSQL running for ever. */
export interface Watchdog {
  /** It is not needed any more. */
  dismiss(): void;
}

/** @param grace how long a new Annal has to take over, in seconds */
export function startWatchdog(launcher: Launcher, dataDirectory: string, pid: number, grace: number): Watchdog {
  const pidFile = join(dataDirectory, 'postmaster.pid');
  const child = launcher.launch('/bin/sh', ['-c', SCRIPT, 'annal-watchdog', pidFile, String(pid), String(grace)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  // without a watchdog PostgreSQL merely runs until the next start
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  return { dismiss: () => child.stdin?.end('done\n') };
}
