import { Readable } from 'node:stream';
import { BlobMissing, type BlobStore, BlobUnreadable, type BlobWriter, type Mark } from '@annal/domain';
import { decodeHeader, encodeHeader, HEADER_SIZE, isEncrypted } from './blob-header.js';
import { ChunkCipher, STORED_CHUNK_SIZE, TAG_SIZE } from './chunk-cipher.js';
import { chunkRange, decryptChunks } from './decrypt-chunks.js';
import { encryptAll } from './encrypt-all.js';
import { EncryptingWriter } from './encrypting-writer.js';
import { KEY_REGISTER } from './key-register.js';
import type { KeyRing } from './key-ring.js';
import { RecentlyUsed } from '../../caches/recently-used.js';
import { splitStream } from './split-stream.js';

/** Of so many blobs the cipher is remembered, for those who read one in many parts. */
const REMEMBERED = 1000;

/**
 * Blobs that are encrypted before another store gets them: a header, then chunks of 64 KiB, so that a part can be read
 * without the rest. What comes back is what was written under this key, or an error (BlobUnreadable).
 */
export class EncryptedBlobStore implements BlobStore {
  private readonly ciphers = new RecentlyUsed<ChunkCipher>(REMEMBERED);

  /** @param allowUnencrypted whether blobs that are not encrypted are given back as they are */
  constructor(
    private readonly inner: BlobStore,
    private readonly ring: KeyRing,
    private readonly allowUnencrypted: boolean,
  ) {}

  newKey(): string {
    return this.inner.newKey();
  }

  async put(key: string, chunks: readonly Buffer[]): Promise<void> {
    const { header, cipher } = this.begin(key);
    await this.inner.put(key, [header, ...encryptAll(chunks, cipher)]);
  }

  async create(key: string): Promise<BlobWriter> {
    const { header, cipher } = this.begin(key);
    return new EncryptingWriter(await this.inner.create(key), cipher, [header]);
  }

  async stream(key: string, start = 0, end?: number): Promise<Readable> {
    if (end !== undefined && end <= start) return Readable.from([]);
    const opened = await this.open(key, start, end);
    return opened === 'unencrypted' ? this.inner.stream(key, start, end) : startedStream(opened);
  }

  async read(key: string, start = 0, end?: number): Promise<Buffer> {
    if (end !== undefined && end <= start) return Buffer.alloc(0);
    const opened = await this.open(key, start, end);
    if (opened === 'unencrypted') return this.inner.read(key, start, end);
    const chunks: Buffer[] = [];
    for await (const chunk of opened) chunks.push(chunk);
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  async remove(key: string): Promise<void> {
    await this.inner.remove(key);
  }

  async *keys(): AsyncIterable<string> {
    for await (const key of this.inner.keys()) if (key !== KEY_REGISTER) yield key;
  }

  /** Needs no key: a blob of no bytes is as long as its header and one empty chunk. */
  async isEmpty(key: string): Promise<boolean> {
    if (await this.inner.isEmpty(key)) return true;
    const first = await this.inner.read(key, 0, HEADER_SIZE + TAG_SIZE + 1).catch(noneIfMissing);
    return isEncrypted(first) && first.length <= HEADER_SIZE + TAG_SIZE;
  }

  async quarantine(key: string): Promise<void> {
    await this.inner.quarantine(key);
  }

  async purgeQuarantine(before: Date): Promise<void> {
    await this.inner.purgeQuarantine(before);
  }

  async purgeUnfinished(before: Date): Promise<void> {
    await this.inner.purgeUnfinished(before);
  }

  /** Marks say nothing of patients, and must be legible whatever keys are lost: they are not encrypted. */
  mark(mark: Mark): Promise<void> {
    return this.inner.mark(mark);
  }

  marks(after: string): AsyncIterable<Mark> {
    return this.inner.marks(after);
  }

  async close(): Promise<void> {
    await this.inner.close();
  }

  private begin(key: string): { header: Buffer; cipher: ChunkCipher } {
    const newHeader = this.ring.newHeader();
    const header = encodeHeader(newHeader);
    return { header, cipher: new ChunkCipher(this.ring.keyOf(newHeader, key), header) };
  }

  /** The plain bytes; nothing of them is read yet. @throws BlobMissing, BlobUnreadable */
  private async open(
    key: string,
    start: number,
    end: number | undefined,
  ): Promise<AsyncGenerator<Buffer, void> | 'unencrypted'> {
    const range = chunkRange(start, end);
    const from = HEADER_SIZE + range.first * STORED_CHUNK_SIZE;
    // one byte more tells whether a chunk is the last
    const to = range.last === undefined ? undefined : HEADER_SIZE + (range.last + 1) * STORED_CHUNK_SIZE + 1;
    const fromHeader = range.first === 0;
    const reading = this.inner.stream(key, fromHeader ? 0 : from, to);
    try {
      if (fromHeader) {
        const { head, rest } = await splitStream(await reading, HEADER_SIZE);
        return decryptChunks(rest, this.cipherOf(key, head), range);
      }
      const [stored, cipher] = await Promise.all([reading, this.ciphers.get(key) ?? this.readCipher(key)]);
      return decryptChunks(stored as AsyncIterable<Buffer>, cipher, range);
    } catch (error) {
      void reading.then(
        (stream) => stream.destroy(),
        () => undefined,
      );
      if (error instanceof NotEncrypted && this.allowUnencrypted) return 'unencrypted';
      throw error;
    }
  }

  private async readCipher(key: string): Promise<ChunkCipher> {
    return this.cipherOf(key, await this.inner.read(key, 0, HEADER_SIZE));
  }

  private cipherOf(key: string, header: Buffer): ChunkCipher {
    if (!isEncrypted(header)) throw new NotEncrypted();
    const cipher = new ChunkCipher(this.ring.keyOf(decodeHeader(header), key), header);
    this.ciphers.set(key, cipher);
    return cipher;
  }
}

class NotEncrypted extends BlobUnreadable {
  constructor() {
    super(
      'The blob is not encrypted. If it was stored before encryption was set up, set Annal.Storage.Encryption.AllowUnencrypted',
    );
  }
}

function noneIfMissing(error: unknown): Buffer {
  if (error instanceof BlobMissing) return Buffer.alloc(0);
  throw error;
}

/** A stream whose first bytes were read already, so that what is wrong with them is known. */
async function startedStream(chunks: AsyncGenerator<Buffer, void>): Promise<Readable> {
  let first: IteratorResult<Buffer, void> | undefined = await chunks.next();
  const all: AsyncIterator<Buffer, void> = {
    next: () => {
      if (!first) return chunks.next();
      const value = first;
      first = undefined;
      return Promise.resolve(value);
    },
    return: () => chunks.return(),
  };
  return Readable.from({ [Symbol.asyncIterator]: () => all }, { objectMode: false, highWaterMark: 256 * 1024 });
}
