import { execFile } from 'node:child_process';
import { join } from 'node:path';

const LAUNCHER = join(import.meta.dirname, '../../bin/annal');

/** What a command printed, and how it ended. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `annal` as an operator does, from this process's folder. */
export function runAnnal(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(LAUNCHER, args, { env: { ...process.env, NODE_OPTIONS: '' } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}
