import { chown, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isRoot, serviceAccount, type Account } from './account.js';
import { EmbeddedPostgresError, OWN_SERVER } from './errors.js';

/** Creates PostgreSQL's own folder where it is missing; resolves with its real path. */
export async function createDirectory(directory: string): Promise<string> {
  await mkdir(dirname(resolve(directory)), { recursive: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return realpath(directory);
}

/**
 * The account that PostgreSQL runs as: this process's own, or, as root, the owner of the data if there are any, else a
 * service account. The folder is handed to it.
 * @returns undefined for this process's own account
 * @throws EmbeddedPostgresError when the data belong to somebody else
 */
export async function settleAccount(directory: string): Promise<Account | undefined> {
  const owner = await ownerOf(join(directory, 'data'));
  if (!isRoot()) {
    if (owner && owner.uid !== process.getuid?.()) throw new EmbeddedPostgresError(foreign(directory, owner));
    return undefined;
  }
  const account = owner && owner.uid !== 0 ? owner : await serviceAccount();
  if (!account) {
    throw new EmbeddedPostgresError(
      'PostgreSQL does not run as root, and this system has no user "postgres" or "nobody" to run it as. ' +
        `Run Annal as an ordinary user, or ${OWN_SERVER}.`,
    );
  }
  await handOver(directory, account);
  return account;
}

/** Gives a file or folder to the account PostgreSQL runs as. */
export async function handOver(path: string, account: Account | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

async function ownerOf(path: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch (error) {
    // closed to this user: whoever closed the folder owns what is inside
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? ownerOf(dirname(path)) : undefined;
  }
}

function foreign(directory: string, owner: Account): string {
  return (
    `The database in ${directory} belongs to user ${owner.uid}: Annal ran as another user or as root before. ` +
    `Run it as that user again, or give the folder to this one (chown -R), or set another IndexDirectory.`
  );
}
