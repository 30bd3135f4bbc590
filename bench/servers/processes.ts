import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as /proc/PID/stat describes it. */
interface ProcessState {
  readonly parent: number;
  /** Its own processor time and that of its ended children, s. */
  readonly cpu: number;
}

/** Clock ticks a second in /proc, fixed by Linux for programs. */
const TICKS = 100;

/** The processor time that a process and all below it have taken so far, s; undefined where there is no /proc. */
export function processorTime(root: number): number | undefined {
  const states = allProcesses();
  if (!states.has(root)) return undefined;
  let sum = 0;
  for (const [pid, { cpu }] of states) if (isBelow(states, pid, root)) sum += cpu;
  return sum;
}

/** The processes directly below one. */
export function childrenOf(parent: number): number[] {
  return [...allProcesses()].filter(([, state]) => state.parent === parent).map(([pid]) => pid);
}

/** The process that listens on a TCP port of this machine, if this user may know. */
export function listenerOn(port: number): number | undefined {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningSockets(table, port)));
  return numbersIn('/proc').find((pid) => numbersIn(`/proc/${pid}/fd`).some((fd) => sockets.has(link(pid, fd))));
}

function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return read(`/proc/net/${table}`)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) && state === '0A')
    .map((fields) => `socket:[${fields[9]}]`);
}

function allProcesses(): Map<number, ProcessState> {
  const states = new Map<number, ProcessState>();
  for (const pid of numbersIn('/proc')) {
    const stat = read(`/proc/${pid}/stat`);
    // what follows the name, which may hold anything
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.length < 15) continue;
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    states.set(pid, { parent: Number(fields[1]), cpu: ticks / TICKS });
  }
  return states;
}

function isBelow(states: ReadonlyMap<number, ProcessState>, pid: number, root: number): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = states.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function link(pid: number, fd: number): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}
