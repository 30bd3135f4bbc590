import { closeSync, constants, fdatasync, open } from 'node:fs';
import { mkdir, open as openFile, opendir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { BlobMissing, type BlobStore, type BlobWriter, type Mark } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { crashPoint } from '../faults/crash-point.js';
import { checkedMark, isBlobKey, isMarkName } from './blob-key.js';
import { DirectorySync } from './directory-sync.js';
import { FileBlobWriter } from './file-blob-writer.js';
import { FileMaker } from './file-maker.js';
import { FileReader } from './file-reader.js';
import { readInOrder } from './read-in-order.js';
import { type SpareFile, SpareFiles } from './spare-files.js';
import { writeAll } from './write-all.js';

const openAsync = promisify(open);
const fdatasyncAsync = promisify(fdatasync);
const { O_CREAT, O_DSYNC, O_EXCL, O_WRONLY } = constants;
/** Elsewhere the flag is missing, or does not reach the disk itself as a flush does. */
const WRITES_CAN_BE_DURABLE = process.platform === 'linux';

const QUARANTINE = 'quarantine';
const MARKS = 'marks';
const FANOUT = /^[0-9a-f]{6}$/;

/**
 * Blobs as files below one folder: `<first 6 digits of the key>/<next 2>/<key>`. The digits are those of the key's time,
 * so what arrives together shares a directory (65 s) and its sync.
 */
export class FilesystemBlobStore implements BlobStore {
  private readonly made = new Map<string, Promise<void>>();
  private readonly directories = new DirectorySync();
  private readonly flags: number;
  private readonly maker = new FileMaker();
  private readonly reader: FileReader;
  private readonly spares = new SpareFiles((count) => this.makeSpares(count));

  /** @param sync whether a blob is durable, not only written, once `put` or `commit` resolves */
  constructor(
    private readonly root: string,
    private readonly sync: boolean,
  ) {
    this.reader = new FileReader(root);
    this.flags = O_WRONLY | O_CREAT | O_EXCL | (sync && WRITES_CAN_BE_DURABLE ? O_DSYNC : 0);
  }

  newKey(): string {
    return this.spares.handOut() ?? uuidv7();
  }

  async put(key: string, chunks: readonly Buffer[]): Promise<void> {
    await crashPoint('store:before-blob');
    const spare = this.spares.take(key);
    const { path, descriptor } = spare ?? (await this.createFile(key));
    try {
      // the bytes and a new name become durable side by side
      const named = this.sync && !spare ? this.directories.sync(dirname(path)) : undefined;
      named?.catch(() => undefined);
      // whatever becomes of the name: while a thread writes, the descriptor must stay this file's
      await writeAll(descriptor, chunks);
      await named;
      if (this.sync && !WRITES_CAN_BE_DURABLE) await fdatasyncAsync(descriptor);
      await crashPoint('store:blob-written');
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
    const spare = this.spares.take(key);
    if (spare) closeSync(spare.descriptor);
    else await this.makeDirectory(dirname(path));
    const handle = await openFile(path, spare ? 'r+' : 'wx', 0o600);
    return new FileBlobWriter(path, handle, this.sync ? this.directories : undefined);
  }

  async stream(key: string, start = 0, end?: number): Promise<Readable> {
    if (end !== undefined && end <= start) return Readable.from([]);
    const handle = await openFile(this.path(key), 'r').catch(blobMissing(key));
    return handle.createReadStream({
      start,
      ...(end === undefined ? {} : { end: end - 1 }),
      highWaterMark: 256 * 1024,
    });
  }

  async read(key: string, start = 0, end?: number): Promise<Buffer> {
    return this.reader.read(this.path(key), start, end).catch(blobMissing(key));
  }

  async remove(key: string): Promise<void> {
    // not handed out again: the sweeper goes by a key's age
    const spare = this.spares.take(key);
    if (spare) closeSync(spare.descriptor);
    await unlink(this.path(key)).catch(ignoreMissing);
  }

  async *keys(): AsyncIterable<string> {
    for await (const outer of entries(this.root)) {
      if (!FANOUT.test(outer)) continue;
      for await (const inner of entries(join(this.root, outer))) {
        for await (const name of entries(join(this.root, outer, inner))) if (isBlobKey(name)) yield name;
      }
    }
  }

  async quarantine(key: string): Promise<void> {
    const target = join(this.root, QUARANTINE, key);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const now = new Date();
    // its time there begins now, also where the process ends in between
    await utimes(this.path(key), now, now).catch(ignoreMissing);
    await rename(this.path(key), target).catch(ignoreMissing);
  }

  async purgeQuarantine(before: Date): Promise<void> {
    const directory = join(this.root, QUARANTINE);
    for await (const name of entries(directory)) {
      const file = join(directory, name);
      if ((await stat(file)).mtime < before) await unlink(file).catch(ignoreMissing);
    }
  }

  async purgeUnfinished(): Promise<void> {
    // what is unfinished is a file like others, which the sweeper sees
  }

  async isEmpty(key: string): Promise<boolean> {
    try {
      return (await stat(this.path(key))).size === 0;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async mark({ name, text }: Mark): Promise<void> {
    const directory = join(this.root, MARKS);
    const first = await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, checkedMark(name));
    const handle = await openFile(path, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
    await this.directories.sync(directory);
    if (first !== undefined) await this.directories.sync(this.root);
  }

  async *marks(after: string): AsyncIterable<Mark> {
    const names: string[] = [];
    for await (const name of entries(join(this.root, MARKS))) if (isMarkName(name) && name > after) names.push(name);
    const read = async (name: string): Promise<Mark> => ({
      name,
      text: await readFile(join(this.root, MARKS, name), 'utf8'),
    });
    yield* readInOrder(names.sort(), read);
  }

  /** Removes what was prepared for blobs to come. */
  async close(): Promise<void> {
    await this.spares.close();
    await this.maker.close();
  }

  private path(key: string): string {
    if (!isBlobKey(key)) throw new BlobMissing('Not the key of a blob');
    return join(this.root, key.slice(0, 6), key.slice(6, 8), key);
  }

  /** A new file, open for writing; where configured, what is written to it is durable at once. */
  private async createFile(key: string): Promise<SpareFile> {
    const path = this.path(key);
    await this.makeDirectory(dirname(path));
    return { key, path, descriptor: await openAsync(path, this.flags, 0o600) };
  }

  private async makeSpares(count: number): Promise<SpareFile[]> {
    const keys = Array.from({ length: count }, () => uuidv7());
    const paths = keys.map((key) => this.path(key));
    const directories = [...new Set(paths.map((path) => dirname(path)))];
    for (const directory of directories) await this.makeDirectory(directory);
    const order = { paths, flags: this.flags, directories: this.sync ? directories : [] };
    const descriptors = await this.maker.make(order);
    return descriptors.map((descriptor, index) => ({ key: keys[index]!, path: paths[index]!, descriptor }));
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

function blobMissing(key: string): (error: unknown) => never {
  return (error) => {
    throw isMissing(error) ? new BlobMissing(`There is no blob ${key}`) : error;
  };
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
