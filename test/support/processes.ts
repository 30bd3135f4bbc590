import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The processes that a process started and that still run (Linux). */
export function childrenOf(pid: number): number[] {
  return processIds().filter((id) => stat(id)?.parent === pid);
}

/** All descendants of a process (Linux). */
export function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** Whether a process runs; one that ended and was not collected yet does not (Linux). */
export function isRunning(pid: number): boolean {
  const state = stat(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** The HTTP workers of a server (Linux). */
export function workersOf(primary: number): number[] {
  return childrenOf(primary).filter((pid) => commandLine(pid).includes('worker-main'));
}

/** Memory that a process holds now, in bytes (Linux). */
export function residentMemory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** The files below a folder, or removed from it, that a process has open and that are not empty (Linux). */
export function openFiles(pid: number, within: RegExp): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .map((descriptor) => tryRead(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`)) ?? '')
    .filter((path) => within.test(path) && tryRead(() => statSync(path).size) !== 0);
}

/** Waits until something is so. */
export async function until(condition: () => boolean | Promise<boolean>, timeout = 30_000): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('What was waited for did not happen');
    await delay(20);
  }
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function stat(pid: number): { state: string; parent: number } | undefined {
  const text = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const [state, parent] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { state, parent: Number(parent) };
}

function commandLine(pid: number): string {
  return tryRead(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';
}

function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
