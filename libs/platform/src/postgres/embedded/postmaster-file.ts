import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAlive } from './processes.js';

/** What a running PostgreSQL says about itself in `postmaster.pid` (PostgreSQL, "Database File Layout"). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly socketDirectory: string;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined when it is absent or not complete. */
export async function readPostmasterFile(dataDirectory: string): Promise<PostmasterFile | undefined> {
  const lines = (await readFile(fileIn(dataDirectory), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const [, , , port = '', socketDirectory = '', , , status = ''] = lines;
  return { pid, port: Number(port), socketDirectory, ready: status.trim() === 'ready' };
}

/**
 * Makes stale lock files harmless whose process id another process has got meanwhile, for then PostgreSQL would refuse
 * to start. Its check passes over the process id of its parent, so this one's is written; the rest stays, because it
 * looks there for the shared memory of a crashed predecessor.
 */
export async function disarmLockFiles(
  dataDirectory: string,
  { pid, socketDirectory, port }: PostmasterFile,
): Promise<void> {
  for (const path of [fileIn(dataDirectory), `${socketPath(socketDirectory, port)}.lock`]) {
    const [first, ...rest] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
    if (Number(first) === pid) await writeFile(path, [process.pid, ...rest].join('\n'));
  }
}

/** Where PostgreSQL's socket is. */
export function socketPath(socketDirectory: string, port: number): string {
  return join(socketDirectory, `.s.PGSQL.${port}`);
}

/** Whether this process is a PostgreSQL on this data directory (process ids are used again by others). */
export function isPostmaster(pid: number, dataDirectory: string): boolean {
  if (!isAlive(pid)) return false;
  const args = commandLine(pid);
  if (basename(args[0] ?? '') !== 'postgres') return false;
  return args.some((arg) => arg.includes(dataDirectory)) || workingDirectory(pid) === dataDirectory;
}

function commandLine(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const line = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return line.split(/ (?=-)/).map((part) => part.trim());
  } catch {
    return [];
  }
}

function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid');
}
