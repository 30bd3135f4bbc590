import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that can be filled up. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all but so many bytes. */
  fill(left: number): Promise<void>;
  /** Gives back what `fill` took. */
  makeRoom(): Promise<void>;
  remove(): void;
}

/** Mounts a small file system; undefined where this user may not. @param megabytes its size */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'annal-disk-'));
  const path = join(folder, 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'annal-test', path], {
      stdio: 'ignore',
    });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: async (left) => {
      const { bavail, bsize } = statfsSync(path);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left))).catch(
        (error: NodeJS.ErrnoException) => {
          // others write meanwhile: it is as full as it was to be
          if (error.code !== 'ENOSPC') throw error;
        },
      );
    },
    makeRoom: () => rm(ballast),
    remove: () => {
      execFileSync('umount', [path]);
      rmSync(folder, { recursive: true });
    },
  };
}
