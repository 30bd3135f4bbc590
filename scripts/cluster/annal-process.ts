import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
const LAUNCHER = join(ROOT, 'bin/annal');
const CONFIGURATION = join(ROOT, 'deploy/annal.json');
const READY_MS = 120_000;
const PAUSE_MS = 50;

/** Starts a process of a cluster, as a container of deploy/compose.yaml would. @param environment `environmentOf` and what is its own */
export function spawnAnnal(environment: Readonly<Record<string, string>>, stdio: StdioOptions): ChildProcess {
  return spawn(LAUNCHER, [CONFIGURATION], { env: { PATH: process.env.PATH, ...environment }, stdio });
}

/** Resolves when it says at its port that it lives. @throws Error when it ends before, or does not come up */
export async function untilAlive(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (!(await lives(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('It ended before it was ready');
    if (performance.now() > deadline) throw new Error('It is not ready');
    await delay(PAUSE_MS);
  }
}

async function lives(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/live`)).ok;
  } catch {
    return false;
  }
}
