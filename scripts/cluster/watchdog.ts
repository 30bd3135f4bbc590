import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Reads until the pipe closes; then whatever has a process id there is asked to end. */
const SCRIPT = `cat > /dev/null
for file in "$1"/*.pid; do
  [ -f "$file" ] && kill "$(cat "$file")"
  rm -f "$file"
done`;

/**
 * Ends the programs of a cluster when this process is gone, whatever ended it.
 * @param pids the folder with the process ids of those that run
 */
export function startWatchdog(pids: string): ChildProcess {
  // what a power cut left; others may have these process ids by now
  for (const name of readdirSync(pids)) rmSync(join(pids, name));
  return spawn('/bin/sh', ['-c', SCRIPT, 'cluster-watchdog', pids], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}
