import type { Readable } from 'node:stream';

/** A blob being written. Nobody may rely on it before `commit`. */
export interface BlobWriter {
  write(chunks: readonly Buffer[]): Promise<void>;
  /** Makes the blob durable (as configured) and visible. */
  commit(): Promise<void>;
  /** Gives up and leaves nothing behind. */
  abort(): Promise<void>;
}

/** The DICOM files, and whatever else is too large for the log. Keys are UUIDv7, perhaps with a suffix, never reused. */
export interface BlobStore {
  /** A key for a new blob. Whoever does not write it gives it back with `remove`. */
  newKey(): string;
  /** Starts a blob that does not fit in memory. */
  create(key: string): Promise<BlobWriter>;
  /** Writes a blob at once; durable (as configured) when it resolves. */
  put(key: string, chunks: readonly Buffer[]): Promise<void>;
  /** The bytes from `start` to `end` (exclusive), all without them. @throws BlobMissing */
  stream(key: string, start?: number, end?: number): Promise<Readable>;
  /** As `stream`, in one buffer. @throws BlobMissing */
  read(key: string, start?: number, end?: number): Promise<Buffer>;
  /** Removes a blob; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** All keys, in no order; those being written may be among them. */
  keys(): AsyncIterable<string>;
  /** Whether there are no bytes under a key: it was prepared for a blob, or belongs to one just begun. */
  isEmpty(key: string): Promise<boolean>;
  /** Takes a blob out of sight for some days (the sweeper's quarantine). */
  quarantine(key: string): Promise<void>;
  /** Deletes for good what was put into quarantine before a time. */
  purgeQuarantine(before: Date): Promise<void>;
  /** Ends what the store has under way in the background. */
  close(): Promise<void>;
}

/** No blob has this key. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
}
