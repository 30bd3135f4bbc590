import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { childrenOf } from './processes.js';

const INTERVAL_MS = 200;
const PAGE = 4096;

/** Watches the resident memory of a server's Node processes (the primary and its workers), from /proc. */
export class MemoryWatch {
  private readonly primary: number;
  private readonly timer: NodeJS.Timeout;
  private highest = new Map<string, number>();

  constructor(primary: number) {
    this.primary = primary;
    this.timer = setInterval(() => this.sample(), INTERVAL_MS);
    this.timer.unref();
  }

  /** The greatest resident sizes since the last call, in MB, by role; empty where there is no /proc. */
  take(): ReadonlyMap<string, number> {
    this.sample();
    const taken = this.highest;
    this.highest = new Map();
    return taken;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    this.note('primary', residentOf(this.primary));
    for (const pid of childrenOf(this.primary)) {
      if (isNode(pid)) this.note('worker', residentOf(pid));
    }
  }

  private note(role: string, bytes: number): void {
    const megabytes = bytes / 1e6;
    if (megabytes > (this.highest.get(role) ?? 0)) this.highest.set(role, megabytes);
  }
}

function residentOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE;
  } catch {
    return 0;
  }
}

function isNode(pid: number): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)) === 'node';
  } catch {
    return false;
  }
}
