/** Bytes on their way to a client: few at once, more as they come. */
export interface SentBytes {
  /** How many. */
  readonly size: number;
  readonly bytes: Buffer | AsyncGenerator<Buffer, void>;
}

/** What is larger is sent as it is read, bytes. */
export const IN_ONE_PIECE = 4 * 1024 * 1024;
