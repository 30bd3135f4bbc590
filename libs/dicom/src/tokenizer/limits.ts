/** What the tokenizer accepts at most. Every limit gives a `DicomFormatError` with a code of its own. */
export interface TokenizerLimits {
  /** Sequences within each other. */
  readonly maxDepth: number;
  /** Elements, items and fragments of the whole file. Each costs about 100 bytes of memory. */
  readonly maxElements: number;
  /** Bytes of one value, pixel data excepted. */
  readonly maxValueLength: number;
  /** Bytes of an inflated data set (deflated transfer syntax). */
  readonly maxInflatedSize: number;
  /** How many times its deflated size a data set may become, once it is above `INFLATE_RATIO_FROM` bytes. */
  readonly maxInflateRatio: number;
}

/** Up to this size (bytes) any ratio is accepted: empty images and segmentations deflate to nearly nothing. */
export const INFLATE_RATIO_FROM = 16 * 1024 * 1024;

/** The limits in force when none are given. */
export const DEFAULT_LIMITS: TokenizerLimits = {
  maxDepth: 128,
  maxElements: 400_000,
  maxValueLength: 512 * 1024 * 1024,
  maxInflatedSize: 256 * 1024 * 1024,
  maxInflateRatio: 100,
};
