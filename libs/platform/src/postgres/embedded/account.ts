import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A user and a group of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);
const CREATED_USER = 'annal';

/** Whether this process is root, as whom PostgreSQL refuses to run. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The unprivileged account that PostgreSQL gets when Annal runs as root: `postgres` where the system has it, else
 * `annal`, created if possible, else `nobody`; undefined when there is none at all.
 */
export async function serviceAccount(): Promise<Account | undefined> {
  return (
    (await lookUp('postgres')) ?? (await lookUp(CREATED_USER)) ?? (await createAccount()) ?? (await lookUp('nobody'))
  );
}

async function createAccount(): Promise<Account | undefined> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', CREATED_USER]);
  } catch {
    // no useradd or a read-only system: the caller takes nobody
  }
  return lookUp(CREATED_USER);
}

async function lookUp(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
