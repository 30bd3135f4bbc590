/** Why bytes could not be tokenized. Codes are stable; `limit-…` ones name the limit that was exceeded. */
export type DicomFormatCode =
  /** No bytes at all. */
  | 'empty'
  /** The file ends before the element, item or pixel data that it announces. */
  | 'truncated'
  /** The header is longer than what was given so far: give at least `needed` bytes. */
  | 'header-incomplete'
  /** Lengths, items or delimiters contradict each other, or there is no DICOM in the bytes. */
  | 'structure'
  /** The deflated data set can't be inflated. */
  | 'inflate'
  | 'limit-depth'
  | 'limit-elements'
  | 'limit-value-length'
  | 'limit-inflated-size';

/** Thrown for bytes that are no DICOM file, or one beyond the limits. The message never shows the file's contents. */
export class DicomFormatError extends Error {
  override readonly name = 'DicomFormatError';

  constructor(
    readonly code: DicomFormatCode,
    message: string,
    /** With `header-incomplete`: how many bytes from the start of the file are needed to get further. */
    readonly needed?: number,
  ) {
    super(message);
  }
}
