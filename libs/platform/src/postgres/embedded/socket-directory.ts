import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Account } from './account.js';
import { handOver } from './folders.js';

/** The shortest limit of the systems for a socket's path, in bytes (macOS 103, Linux 107). */
const LONGEST_SOCKET_PATH = 103;
const TEMPORARY = 'annal-postgres-';

/** A folder for PostgreSQL's socket that only its account may enter: inside `directory`, or, where that is too long, a temporary one. */
export async function createSocketDirectory(directory: string, account: Account | undefined): Promise<string> {
  let folder = join(directory, 'run');
  if (fits(folder)) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
  } else {
    const parent = fits(join(tmpdir(), `${TEMPORARY}XXXXXX`)) ? tmpdir() : '/tmp';
    folder = await mkdtemp(join(parent, TEMPORARY));
  }
  await handOver(folder, account);
  return folder;
}

/** Removes a temporary socket folder; one inside the database's folder stays. */
export async function removeSocketDirectory(folder: string): Promise<void> {
  const temporary = basename(folder).startsWith(TEMPORARY) && [tmpdir(), '/tmp'].includes(dirname(folder));
  if (temporary) await rm(folder, { recursive: true, force: true });
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, '.s.PGSQL.65535.lock')) <= LONGEST_SOCKET_PATH;
}
