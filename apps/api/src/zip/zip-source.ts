/** A file that does not fit into memory. */
export interface FileInPieces {
  /** Bytes. */
  readonly size: number;
  readonly pieces: AsyncIterable<Buffer>;
}

/** A file on its way into an archive. */
export interface ZipSource {
  /** Path in the archive, with `/` between folders. */
  readonly name: string;
  /** Bytes; undefined where nobody knows before it is opened. */
  readonly size: number | undefined;
  /**
   * Reads it: in one piece, or in pieces as they come, which then go into the archive without ever being together in
   * memory. Called once, perhaps while files in front of it are still being read. The bytes are the archive's from then on.
   */
  open(): Promise<Buffer | FileInPieces>;
}
