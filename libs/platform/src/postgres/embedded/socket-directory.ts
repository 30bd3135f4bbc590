import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Account } from './account.js';
import { handOver } from './folders.js';

/** The shortest limit of the systems for a socket's path, in bytes (macOS 103, Linux 107). */
const LONGEST_SOCKET_PATH = 103;
const TEMPORARY = 'annal-postgres-';

/**
 * A folder for PostgreSQL's socket that only its account may enter: inside `directory`, or, where that path is too
 * long, a temporary one. It is the same at every start, so that a restart changes no address.
 */
export async function createSocketDirectory(directory: string, account: Account | undefined): Promise<string> {
  let folder = join(directory, 'run');
  if (!fits(folder)) folder = temporaryFor(directory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // anybody can create a folder of this name among the temporary ones
  if (!(await belongsTo(folder, account))) folder = await mkdtemp(join(dirname(folder), TEMPORARY));
  await chmod(folder, 0o700);
  await handOver(folder, account);
  return folder;
}

/** Removes a temporary socket folder; one inside the database's folder stays. */
export async function removeSocketDirectory(folder: string): Promise<void> {
  const temporary = basename(folder).startsWith(TEMPORARY) && [tmpdir(), '/tmp'].includes(dirname(folder));
  if (temporary) await rm(folder, { recursive: true, force: true });
}

function temporaryFor(directory: string): string {
  const name = TEMPORARY + createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), name);
  return fits(folder) ? folder : join('/tmp', name);
}

async function belongsTo(folder: string, account: Account | undefined): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && [account?.uid, process.getuid?.()].includes(found.uid);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, '.s.PGSQL.65535.lock')) <= LONGEST_SOCKET_PATH;
}
