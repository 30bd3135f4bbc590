import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostgresBinaries } from './binaries.js';
import { type ChosenLauncher } from './choose-launcher.js';
import { EmbeddedPostgresError, OWN_SERVER } from './errors.js';
import { handOver } from './folders.js';
import { type Launcher } from './launcher.js';
import { isAlive } from './processes.js';
import { runProgram } from './run-program.js';

/** PostgreSQL's data on disk. */
export interface Cluster {
  readonly directory: string;
  readonly dataDirectory: string;
  readonly password: string;
}

/** The role that owns everything. */
export const ROLE = 'annal';

export const PASSWORD_FILE = 'annal.password';
const STAGING = 'initializing-';

/**
 * Opens the data in `directory`, or creates them: aside first, so that neither a kill half-way nor a second start
 * leaves half a database.
 * @param durable false: not synced to disk, for tests
 */
export async function openCluster(
  { launcher, majorVersion }: ChosenLauncher,
  binaries: PostgresBinaries,
  directory: string,
  durable: boolean,
): Promise<Cluster> {
  const dataDirectory = join(directory, 'data');
  await removeAbandoned(directory);
  if (!(await holdsData(dataDirectory, majorVersion))) {
    const staging = await mkdtemp(join(directory, `${STAGING}${process.pid}-`));
    try {
      await handOver(staging, launcher.account);
      await initialise(launcher, binaries, staging, durable);
      await rename(join(staging, 'data'), dataDirectory).catch(unlessOtherStartWon);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  const password = (await readFile(join(dataDirectory, PASSWORD_FILE), 'utf8')).trim();
  return { directory, dataDirectory, password };
}

async function holdsData(dataDirectory: string, majorVersion: number): Promise<boolean> {
  const names = await readdir(dataDirectory).catch((): string[] => []);
  if (names.length === 0) return false;
  if (!names.includes('PG_VERSION')) {
    throw new EmbeddedPostgresError(
      `${dataDirectory} is not empty and holds no PostgreSQL data. Move it away or set another IndexDirectory.`,
    );
  }
  const found = (await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8')).trim();
  if (Number(found) === majorVersion) return true;
  throw new EmbeddedPostgresError(
    `The data in ${dataDirectory} were written by PostgreSQL ${found}, but this release of Annal brings ` +
      `PostgreSQL ${majorVersion}. Nothing was changed. Start the former release, dump its database (pg_dump) and ` +
      `load it into a new one, or ${OWN_SERVER}.`,
  );
}

async function initialise(
  launcher: Launcher,
  { initdb }: PostgresBinaries,
  staging: string,
  durable: boolean,
): Promise<void> {
  const data = join(staging, 'data');
  const passwordFile = join(staging, PASSWORD_FILE);
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  await chmod(passwordFile, 0o600);
  await handOver(passwordFile, launcher.account);
  const args = [
    ...[`--pgdata=${data}`, `--username=${ROLE}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    // PostgreSQL's own collation: it orders by code point and is the same on every machine
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ...['--data-checksums', '--no-instructions', ...(durable ? [] : ['--no-sync'])],
  ];
  // full-text and trigram parsing ask the system's locale; a system may lack it
  let result = await runProgram(launcher, initdb, [...args, '--lc-ctype=C.UTF-8']);
  if (result.code !== 0 && result.errors.includes('locale')) {
    await rm(data, { recursive: true, force: true });
    result = await runProgram(launcher, initdb, args);
  }
  if (result.code !== 0) {
    throw new EmbeddedPostgresError(`PostgreSQL's data could not be created in ${data}: ${result.errors.trim()}`);
  }
  await rename(passwordFile, join(data, PASSWORD_FILE));
}

function unlessOtherStartWon(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

/** Removes what a start left that was killed while it created the data. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(STAGING) || isAlive(Number.parseInt(name.slice(STAGING.length)))) continue;
    await rm(join(directory, name), { recursive: true, force: true });
  }
}
