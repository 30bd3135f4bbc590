import { closeSync, constants, fstat, fstatSync, open, openSync, read, readSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const openAsync = promisify(open);
const readAsync = promisify(read);
const fstatAsync = promisify(fstat);
const { O_RDONLY } = constants;

/** File systems on disks and in memory of this machine, as Linux numbers them (statfs(2)): ext, XFS, Btrfs, F2FS, ZFS, tmpfs, overlay. */
const LOCAL = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0x01021994, 0x794c7630]);
/** What is read in place at most, bytes. */
const IN_PLACE = 1024 * 1024;
/** A read in place may take so long on average, ms: about what going to a thread and back takes on a busy machine. */
const QUICK = 2;
/** A mean over about so many reads. */
const REMEMBERED = 8;
/** So many reads go to threads before another one is tried in place. */
const PATIENCE = 100;

/**
 * Reads files below a folder: small ones on the spot while their storage is quick, because most are in the page cache,
 * where a turn of the thread pool costs more than the read. Files of other machines, large ones, and those of storage
 * that has turned out slow are read in threads, so that the event loop waits for none of them.
 */
export class FileReader {
  private isLocal: boolean | undefined;
  private mean = 0;
  private inThreads = 0;

  /** @param now a clock, ms */
  constructor(
    private readonly root: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The bytes of a file from `start` to `end` (exclusive) or to its end; fewer where it ends before. @throws as open(2), read(2) */
  async read(path: string, start: number, end?: number): Promise<Buffer> {
    if (this.mayReadInPlace(start, end)) {
      const bytes = this.readInPlace(path, start, end);
      if (bytes) return bytes;
    }
    const descriptor = await openAsync(path, O_RDONLY);
    try {
      const to = end ?? (await fstatAsync(descriptor)).size;
      const buffer = Buffer.allocUnsafe(Math.max(0, to - start));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await readAsync(descriptor, buffer, filled, buffer.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      closeSync(descriptor);
    }
  }

  private mayReadInPlace(start: number, end: number | undefined): boolean {
    if (this.isLocal === undefined) {
      this.isLocal = false;
      // asked for in a thread, as it may be far away
      statfs(this.root).then(
        ({ type }) => (this.isLocal = LOCAL.has(type)),
        () => (this.isLocal = undefined),
      );
    }
    if (!this.isLocal || (end !== undefined && end - start > IN_PLACE)) return false;
    if (this.inThreads === 0) return true;
    this.inThreads--;
    return false;
  }

  /** @returns undefined where it is more than is read in place */
  private readInPlace(path: string, start: number, end: number | undefined): Buffer | undefined {
    const began = this.now();
    const descriptor = openSync(path, O_RDONLY);
    try {
      const to = end ?? fstatSync(descriptor).size;
      if (to - start > IN_PLACE) return undefined;
      const buffer = Buffer.allocUnsafe(Math.max(0, to - start));
      let filled = 0;
      while (filled < buffer.length) {
        const bytesRead = readSync(descriptor, buffer, filled, buffer.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      closeSync(descriptor);
      this.learn(this.now() - began);
    }
  }

  private learn(took: number): void {
    this.mean += (took - this.mean) / REMEMBERED;
    if (this.mean <= QUICK) return;
    this.mean = 0;
    this.inThreads = PATIENCE;
  }
}
