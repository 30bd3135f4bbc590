import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache');

/**
 * A folder that is made once and kept: complete or not there at all, also if another run makes it at the same time.
 * @param name of the kind of folder
 * @param version what it is made from; another version is another folder
 * @param fill puts into a folder what belongs there
 */
export async function cachedFolder(
  name: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(CACHE, name, version);
  if (existsSync(folder)) return folder;
  const unfinished = join(CACHE, name, `${version}.${randomUUID()}`);
  await mkdir(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
