import type { Readable } from 'node:stream';

/** A blob being written. Nobody may rely on it before `commit`. */
export interface BlobWriter {
  /** Takes bytes; the chunks are the caller's again when it resolves, to be emptied. */
  write(chunks: readonly Buffer[]): Promise<void>;
  /** No more bytes come. From now on they can be read under the key, by whoever knows it. */
  end(): Promise<void>;
  /** Makes the blob durable (as configured) and visible; ends it where that was not done. */
  commit(): Promise<void>;
  /** Gives up, ended or not, and leaves nothing behind. */
  abort(): Promise<void>;
}

/** A short text kept beside the blobs for good, by a name that is a UUIDv7. */
export interface Mark {
  readonly name: string;
  readonly text: string;
}

/** The DICOM files, and whatever else is too large for the log. Keys are UUIDv7, perhaps with a suffix, never reused. */
export interface BlobStore {
  /** A key for a new blob. Whoever does not write it gives it back with `remove`. */
  newKey(): string;
  /** Starts a blob that does not fit in memory. */
  create(key: string): Promise<BlobWriter>;
  /**
   * Writes a blob at once; durable (as configured) when it resolves, and the chunks are then the caller's again, to be
   * emptied. If it fails in a way that leaves open what there is, `remove` clears it away.
   */
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
  /** Gives up what was begun before a time and neither committed nor aborted, where `keys` do not show it. */
  purgeUnfinished(before: Date): Promise<void>;
  /** Writes a mark; durable (whatever is configured) when it resolves. One whose writing was broken off may be cut off. */
  mark(mark: Mark): Promise<void>;
  /** The marks whose names come after a name, in the order of their names. */
  marks(after: string): AsyncIterable<Mark>;
  /** Ends what the store has under way in the background. */
  close(): Promise<void>;
}

/** No blob has this key. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
}

/** Where blobs are kept does not answer, or refuses what is asked of it. The same may work later. */
export class BlobStoreUnavailable extends Error {
  override readonly name = 'BlobStoreUnavailable';
}

/** A blob is there, but its bytes are not those that were written, or cannot be decrypted. */
export class BlobUnreadable extends Error {
  override readonly name = 'BlobUnreadable';
}
