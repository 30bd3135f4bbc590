import type { Readable } from 'node:stream';

/** The bytes of a file, or of what it inflates to, of which any part can be read. */
export interface FileBytes {
  /** How many there are; Infinity while nobody knows. */
  readonly size: number;
  /** Those from `start` to `end` (exclusive), or as far as there are any. */
  read(start: number, end: number): Promise<Buffer>;
  /** As `read`, as a stream. */
  stream(start: number, end: number): Promise<Readable>;
}
