import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A part of the cluster that runs. */
export interface Running {
  /** Resolves when it serves others. @throws when it does not come to that */
  readonly ready: Promise<void>;
  /** How it ended, in words, whether it was stopped or not. */
  readonly ended: Promise<string>;
  /** Resolves when it is gone. */
  stop(): Promise<void>;
}

/** How long a program may take to end in order before it is killed, as deploy/compose.yaml has it. */
const GRACE_MS = 60_000;

/**
 * A program that was just started.
 * @param pids the folder that gets its process id while it runs
 */
export function runningProgram(name: string, child: ChildProcess, ready: Promise<void>, pids: string): Running {
  const ended = once(child, 'exit').then(
    ([code, signal]) => (signal === null ? `with status ${code}` : `by ${signal}`),
    (error: Error) => `before it began: ${error.message}`,
  );
  if (child.pid !== undefined) {
    const file = join(pids, `${name}.pid`);
    writeFileSync(file, `${child.pid}\n`);
    child.once('exit', () => rmSync(file, { force: true }));
  }
  return {
    ready,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(killing);
    },
  };
}
