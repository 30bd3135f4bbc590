import { close, open, write } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify, types } from 'node:util';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { BadArchive, BeyondLimit } from './intake-errors.js';

/** Ceilings of an uploaded archive. Sizes in bytes, inflated. */
export interface ArchiveLimits {
  readonly entries: number;
  readonly entrySize: number;
  readonly totalSize: number;
  /** Inflated to compressed bytes of one entry. */
  readonly ratio: number;
}

const RATIO_FROM = 16 * 1024 * 1024;

/** The beginning of a ZIP archive, an empty one included (APPNOTE.TXT section 4.3). */
export function isArchive(first: Buffer): boolean {
  const signature = first.length >= 4 ? first.readUInt32LE(0) : 0;
  return signature === 0x04034b50 || signature === 0x06054b50;
}

/**
 * Hands over each file of a ZIP archive in the order of its directory, `concurrency` at a time. The archive lies in an
 * unnamed temporary file meanwhile. Folders and encrypted entries are passed over; declared sizes are not believed.
 * @throws BadArchive, BeyondLimit, and what `take` throws
 */
export async function forEachEntry<R>(
  archive: AsyncIterable<Buffer>,
  limits: ArchiveLimits,
  concurrency: number,
  take: (content: AsyncIterable<Buffer>) => Promise<R>,
): Promise<R[]> {
  const zip = await spool(archive);
  const results: Promise<R>[] = [];
  try {
    if (zip.entryCount > limits.entries) throw new BeyondLimit(`${limits.entries} entries of an archive`);
    const budget = { left: limits.totalSize };
    const running = new Set<Promise<unknown>>();
    for await (const entry of entriesOf(zip)) {
      if (results.length >= limits.entries) throw new BeyondLimit(`${limits.entries} entries of an archive`);
      if (entry.fileName.at(-1) === 0x2f || entry.isEncrypted()) continue;
      const result = take(inflated(zip, entry, limits, budget));
      results.push(result);
      const settled = result.catch(() => undefined).finally(() => running.delete(settled));
      running.add(settled);
      if (running.size >= concurrency) await Promise.race(running);
    }
  } finally {
    // also where the archive turns out to be damaged: nothing is stored behind the answer
    await Promise.allSettled(results);
    zip.close();
  }
  return Promise.all(results);
}

type RawEntry = Omit<Entry, 'fileName'> & { readonly fileName: Buffer };

/** Keeps the archive in a file that yauzl closes, once and for all, when it is done with it. */
async function spool(archive: AsyncIterable<Buffer>): Promise<ZipFile> {
  const folder = await mkdtemp(join(tmpdir(), 'annal-archive-'));
  const descriptor = await openFile(join(folder, 'archive.zip'), 'wx+', 0o600);
  try {
    // the name goes at once, so that a crash leaves nothing
    await rm(folder, { recursive: true });
    for await (const chunk of archive) await writeWhole(descriptor, chunk);
    return await openZip(descriptor, { lazyEntries: true, autoClose: false, decodeStrings: false });
  } catch (error) {
    await closeFile(descriptor);
    throw isZipError(error) ? new BadArchive('Cannot open the ZIP archive', { cause: error }) : error;
  }
}

async function writeWhole(descriptor: number, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    at += (await writeFile(descriptor, chunk, at, chunk.length - at, null)).bytesWritten;
  }
}

const openFile = promisify(open);
const writeFile = promisify(write);
const closeFile = promisify(close);
const openZip = promisify<number, yauzl.Options, ZipFile>(yauzl.fromFd);

async function* entriesOf(zip: ZipFile): AsyncGenerator<RawEntry, void> {
  for (;;) {
    const entry = await new Promise<RawEntry | undefined>((resolve, reject) => {
      const finish = (action: () => void): void => {
        zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
        action();
      };
      zip.once('entry', (found: Entry) => finish(() => resolve(found as unknown as RawEntry)));
      zip.once('end', () => finish(() => resolve(undefined)));
      zip.once('error', (error: Error) =>
        finish(() => reject(new BadArchive('The ZIP archive is damaged', { cause: error }))),
      );
      zip.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

async function* inflated(
  zip: ZipFile,
  entry: RawEntry,
  limits: ArchiveLimits,
  budget: { left: number },
): AsyncGenerator<Buffer, void> {
  let stream: Readable | undefined;
  let size = 0;
  let crc = 0;
  try {
    stream = await openEntry(zip, entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      crc = crc32(chunk, crc);
      budget.left -= chunk.length;
      if (size > limits.entrySize) throw new BeyondLimit(`${limits.entrySize} bytes of an entry of an archive`);
      if (budget.left < 0) throw new BeyondLimit(`${limits.totalSize} inflated bytes of an archive`);
      if (size > RATIO_FROM && size > entry.compressedSize * limits.ratio) {
        throw new BeyondLimit(`inflating ${limits.ratio} times`);
      }
      yield chunk;
    }
    // yauzl leaves that to its callers (APPNOTE.TXT, section 4.4.7)
    if (crc !== entry.crc32) throw new BadArchive('An entry of the ZIP archive is damaged');
  } catch (error) {
    throw isZipError(error) ? new BadArchive('An entry of the ZIP archive is damaged', { cause: error }) : error;
  } finally {
    stream?.destroy();
  }
}

function openEntry(zip: ZipFile, entry: RawEntry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry as unknown as Entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}

/** Errors of yauzl carry no class: all that are neither of the system nor of ours. */
function isZipError(error: unknown): boolean {
  if (!types.isNativeError(error) || error instanceof BeyondLimit) return false;
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined || code.startsWith('Z_');
}
