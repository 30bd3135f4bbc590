import { createHash, type Hash } from 'node:crypto';
import type { BlobStore, IncomingFile } from '@annal/domain';
import { openStoredFile } from '@annal/platform';
import { type BlobSink, openSink } from './blob-sink.js';
import { MemoryFile, StreamedFile } from './incoming-files.js';
import type { Md5 } from './md5.js';
import { release } from '../load/release.js';

/** Bodies up to this size are held in memory and written once; larger ones go to the blob store as they arrive. */
export const MEMORY_LIMIT = 4 * 1024 * 1024;
const WRITE_SIZE = 1024 * 1024;

/** A received file: its bytes ready to be kept, and readable again. */
export interface ReceivedFile {
  readonly size: number;
  readonly file: IncomingFile;
  /** The first bytes of the file: `length` of them, some more where that costs nothing, fewer if it is shorter. */
  readHead(length: number): Promise<Buffer>;
  /** The whole file, from its first byte on. */
  stream(): AsyncIterable<Buffer> | Iterable<Buffer>;
}

export interface ReceiveOptions {
  readonly blobs: BlobStore;
  /** Whether blobs are stored compressed. */
  readonly compress: boolean;
  /** undefined: no MD5 is kept. */
  readonly md5: Md5 | undefined;
  /** Bytes that will come, where that is known. */
  readonly size?: number;
  /** Looks at the first bytes (at least 132) once the file turns out to be large. */
  readonly accept?: (head: Buffer) => void;
}

/** Takes a file in: hashes it on the way, and holds as much in memory as is sensible. Leaves nothing behind if it throws. */
export async function receiveFile(chunks: AsyncIterable<Buffer>, options: ReceiveOptions): Promise<ReceivedFile> {
  const { blobs, compress } = options;
  let hash: Hash | undefined;
  let held: Buffer[] = [];
  let heldSize = 0;
  let size = 0;
  let sink: BlobSink | undefined;
  let key = '';
  try {
    for await (const chunk of chunks) {
      hash?.update(chunk);
      held.push(chunk);
      heldSize += chunk.length;
      size += chunk.length;
      if (heldSize < (sink ? WRITE_SIZE : MEMORY_LIMIT)) continue;
      if (!sink) {
        options.accept?.(firstOf(held, WRITE_SIZE));
        if (options.md5) {
          hash = createHash('md5');
          for (const before of held) hash.update(before);
        }
        key = blobs.newKey();
        sink = await openSink(blobs, key, compress ? options.size : undefined, hash !== undefined);
      }
      await sink.write(held);
      if (!sink.deflates) release(held);
      held = [];
      heldSize = 0;
    }
    const md5 = hash?.digest('hex') ?? (sink ? '' : ((await options.md5?.of(held, size)) ?? ''));
    if (!sink) {
      const file = await MemoryFile.create(held, size, md5, blobs, compress);
      return { size, file, readHead: async (length) => firstOf(held, length), stream: () => held };
    }
    await sink.write(held);
    if (!sink.deflates) release(held);
    const { storedSize, storedMd5 = md5 } = await sink.end();
    // how many bytes there are stands in front of deflated ones: now it is known
    if (compress && !sink.deflates) return await deflated(key, sink, size, options);
    const compression = sink.deflates ? 'zlib-with-size' : 'none';
    const file = new StreamedFile({ key, size, md5, storedSize, storedMd5, compression }, sink.writer, blobs);
    const stream = (): AsyncIterable<Buffer> => streamBack(blobs, file);
    return { size, file, readHead: (length) => firstBytes(stream(), length), stream };
  } catch (error) {
    if (sink) await sink.writer.abort();
    else if (key !== '') await blobs.remove(key);
    throw error;
  }
}

/** Takes in once more, compressed, what is under a key, and gives that up. */
async function deflated(key: string, sink: BlobSink, size: number, options: ReceiveOptions): Promise<ReceivedFile> {
  const plain = await openStoredFile(options.blobs, { key, compression: 'none' });
  const received = await receiveFile(plain as AsyncIterable<Buffer>, { ...options, size });
  await sink.writer.abort();
  return received;
}

/** The first bytes of chunks; copies only where one chunk does not hold them. */
function firstOf(chunks: readonly Buffer[], length: number): Buffer {
  let size = 0;
  let count = 0;
  while (count < chunks.length && size < length) size += chunks[count++]!.length;
  return count === 1 ? chunks[0]! : Buffer.concat(chunks.slice(0, count));
}

/** What was written so far, uncompressed. */
async function* streamBack(blobs: BlobStore, { blob }: IncomingFile): AsyncGenerator<Buffer, void> {
  yield* (await openStoredFile(blobs, blob)) as AsyncIterable<Buffer>;
}

async function firstBytes(stream: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part);
    size += part.length;
    if (size >= length) break;
  }
  return Buffer.concat(parts);
}
