import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { goInstall } from './go.js';

const VERSION = 'v1.8.0';
const PROGRAM = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/annal-s3');
const BUILT = join(CACHE, `versitygw-${VERSION}`);
const LOCK = `${BUILT}.lock`;

/**
 * The path of versitygw, an S3 server over a folder, built with Go where that was not done yet (a minute or two; tests
 * that ask meanwhile wait). Undefined where there is no Go.
 * @throws Error with what Go says
 */
export async function builtServer(): Promise<string | undefined> {
  if (existsSync(BUILT)) return BUILT;
  await mkdir(CACHE, { recursive: true });
  while (!(await lock())) {
    if (existsSync(BUILT)) return BUILT;
    await delay(200);
  }
  try {
    return existsSync(BUILT) || (await build()) ? BUILT : undefined;
  } finally {
    await rm(LOCK, { force: true });
  }
}

async function build(): Promise<boolean> {
  const folder = await mkdtemp(join(CACHE, 'build-'));
  try {
    if (!(await goInstall(PROGRAM, folder))) return false;
    await rename(join(folder, 'versitygw'), BUILT);
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether this process is the one that builds; the lock of one that was killed counts for nothing. */
async function lock(): Promise<boolean> {
  try {
    const file = await open(LOCK, 'wx');
    await file.write(String(process.pid));
    await file.close();
    return true;
  } catch {
    const pid = Number(await readFile(LOCK, 'utf8').catch(() => ''));
    if (pid > 0 && !isRunning(pid)) await rm(LOCK, { force: true });
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
