/**
 * Why pixel data cannot be read or written. `description`: the attributes that describe it are missing, contradictory or
 * impossible; `no-pixel-data`: there is none; `no-such-frame`; `location`: the frames cannot be found in it;
 * `codestream`: a frame's bytes are damaged, or not the image that the data set describes; `unsupported`: a transfer
 * syntax or form that nothing here reads or writes; `limit`: larger than allowed.
 */
export type PixelDataCode =
  'description' | 'no-pixel-data' | 'no-such-frame' | 'location' | 'codestream' | 'unsupported' | 'limit';

/** Thrown for pixel data that cannot be read or written. The message never shows the file's contents. */
export class PixelDataError extends Error {
  override readonly name = 'PixelDataError';

  constructor(
    readonly code: PixelDataCode,
    message: string,
  ) {
    super(message);
  }
}
