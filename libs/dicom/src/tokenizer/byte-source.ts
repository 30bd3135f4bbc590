import { DicomFormatError } from './errors.js';
import { type TokenizerLimits } from './limits.js';

/** The bytes to tokenize, what is known of the file's length, and the budget of elements that is left. */
export class ByteSource {
  readonly view: DataView;
  private remaining: number;

  constructor(
    readonly buffer: Buffer,
    /** Bytes of the whole file (or inflated data set), of which `buffer` is the beginning. */
    readonly totalLength: number,
    readonly limits: TokenizerLimits,
  ) {
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.remaining = limits.maxElements;
  }

  /** Whether all bytes are there. */
  get complete(): boolean {
    return this.buffer.length >= this.totalLength;
  }

  /** Count an element, item or fragment. */
  spend(): void {
    if (--this.remaining < 0) throw new DicomFormatError('limit-elements', 'The DICOM file has too many elements');
  }

  /** Make sure that the bytes up to `end` may be read; `limit` is where what they belong to ends. */
  require(end: number, limit: number): void {
    if (end > limit) throw this.overrun(limit);
    if (end > this.buffer.length) {
      throw new DicomFormatError('header-incomplete', 'The DICOM header is longer than the bytes given', end);
    }
  }

  /** The error for something that does not end before `limit`. */
  overrun(limit: number): DicomFormatError {
    if (limit >= this.totalLength) return new DicomFormatError('truncated', 'The DICOM file is truncated');
    return new DicomFormatError('structure', 'A DICOM element does not fit into its sequence item');
  }
}
