import { closeSync, fdatasync, open, writev, writevSync } from 'node:fs';
import { mkdir, open as openFile, opendir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { BlobMissing, type BlobStore, type BlobWriter } from '@annal/domain';
import { crashPoint } from '../faults/crash-point.js';
import { DirectorySync } from './directory-sync.js';
import { FileBlobWriter } from './file-blob-writer.js';

const openAsync = promisify(open);
const fdatasyncAsync = promisify(fdatasync);
/** Larger blobs are written by a thread, bytes. */
const ON_THE_SPOT = 128 * 1024;
/** Buffers of one write (IOV_MAX is 1024 on Linux). */
const MAX_VECTOR = 512;

const QUARANTINE = 'quarantine';
const FANOUT = /^[0-9a-f]{6}$/;
const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[a-z]+)?$/;

/**
 * Blobs as files below one folder: `<first 6 digits of the key>/<next 2>/<key>`. The digits are those of the key's time,
 * so what arrives together shares a directory (65 s) and its sync.
 */
export class FilesystemBlobStore implements BlobStore {
  private readonly made = new Map<string, Promise<void>>();
  private readonly directories = new DirectorySync();

  /** @param sync whether a blob is durable, not only written, once `put` or `commit` resolves */
  constructor(
    private readonly root: string,
    private readonly sync: boolean,
  ) {}

  async put(key: string, chunks: readonly Buffer[]): Promise<void> {
    await crashPoint('store:before-blob');
    const path = this.path(key);
    await this.makeDirectory(dirname(path));
    // Creating a file waits for the file system's journal: a thread's work. A small blob is written (into the page cache)
    // on the spot: waking a thread costs more than that.
    const small = chunks.reduce((sum, chunk) => sum + chunk.length, 0) <= ON_THE_SPOT;
    const descriptor = await openAsync(path, 'wx', 0o600);
    try {
      await writeAll(descriptor, chunks, small);
      await crashPoint('store:blob-written');
      // the bytes and the name become durable side by side
      if (this.sync) await Promise.all([fdatasyncAsync(descriptor), this.directories.sync(dirname(path))]);
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    } finally {
      closeSync(descriptor);
    }
    await crashPoint('store:blob-durable');
  }

  async create(key: string): Promise<BlobWriter> {
    await crashPoint('store:before-blob');
    const path = this.path(key);
    await this.makeDirectory(dirname(path));
    return new FileBlobWriter(path, await openFile(path, 'wx', 0o600), this.sync ? this.directories : undefined);
  }

  async stream(key: string, start = 0, end?: number): Promise<Readable> {
    if (end !== undefined && end <= start) return Readable.from([]);
    const handle = await this.open(key);
    return handle.createReadStream({
      start,
      ...(end === undefined ? {} : { end: end - 1 }),
      highWaterMark: 256 * 1024,
    });
  }

  async read(key: string, start = 0, end?: number): Promise<Buffer> {
    const handle = await this.open(key);
    try {
      const to = end ?? (await handle.stat()).size;
      const buffer = Buffer.allocUnsafe(Math.max(0, to - start));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await handle.close();
    }
  }

  async remove(key: string): Promise<void> {
    await unlink(this.path(key)).catch(ignoreMissing);
  }

  async *keys(): AsyncIterable<string> {
    for await (const outer of entries(this.root)) {
      if (!FANOUT.test(outer)) continue;
      for await (const inner of entries(join(this.root, outer))) {
        for await (const name of entries(join(this.root, outer, inner))) if (KEY.test(name)) yield name;
      }
    }
  }

  async quarantine(key: string): Promise<void> {
    const target = join(this.root, QUARANTINE, key);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(this.path(key), target).catch(ignoreMissing);
    const now = new Date();
    await utimes(target, now, now).catch(ignoreMissing);
  }

  async purgeQuarantine(before: Date): Promise<void> {
    const directory = join(this.root, QUARANTINE);
    for await (const name of entries(directory)) {
      const file = join(directory, name);
      if ((await stat(file)).mtime < before) await unlink(file).catch(ignoreMissing);
    }
  }

  private async open(key: string): Promise<Awaited<ReturnType<typeof openFile>>> {
    try {
      return await openFile(this.path(key), 'r');
    } catch (error) {
      if (isMissing(error)) throw new BlobMissing(`There is no blob ${key}`);
      throw error;
    }
  }

  private path(key: string): string {
    if (!KEY.test(key)) throw new BlobMissing('Not the key of a blob');
    return join(this.root, key.slice(0, 6), key.slice(6, 8), key);
  }

  private makeDirectory(directory: string): Promise<void> {
    let making = this.made.get(directory);
    if (!making) {
      making = this.makeDirectories(directory);
      // a failure is not remembered; nor are directories of long ago
      making.catch(() => this.made.delete(directory));
      this.made.set(directory, making);
      if (this.made.size > 64) this.made.delete(this.made.keys().next().value!);
    }
    return making;
  }

  private async makeDirectories(directory: string): Promise<void> {
    const first = await mkdir(directory, { recursive: true, mode: 0o700 });
    if (!this.sync || first === undefined) return;
    for (let made = directory; made.length >= first.length; made = dirname(made)) {
      await this.directories.sync(dirname(made));
    }
  }
}

async function writeAll(descriptor: number, chunks: readonly Buffer[], onTheSpot: boolean): Promise<void> {
  let rest = chunks;
  while (rest.length > 0) {
    const part = rest.slice(0, MAX_VECTOR);
    let written = onTheSpot ? writevSync(descriptor, part) : await writevAsync(descriptor, part);
    let index = 0;
    while (index < rest.length && written >= rest[index]!.length) written -= rest[index++]!.length;
    rest = rest.slice(index);
    if (written > 0) rest = [rest[0]!.subarray(written), ...rest.slice(1)];
  }
}

function writevAsync(descriptor: number, chunks: readonly Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(descriptor, chunks, (error, written) => (error ? reject(error) : resolve(written)));
  });
}

async function* entries(directory: string): AsyncIterable<string> {
  try {
    for await (const entry of await opendir(directory)) yield entry.name;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
