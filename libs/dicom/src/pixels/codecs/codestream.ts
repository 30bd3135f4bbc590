import { PixelDataError } from '../errors.js';
import { type ImageDescription } from '../image-description.js';

/** What the header of a compressed frame says of the image in it. */
export interface Codestream {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Bits of a sample. */
  readonly precision: number;
  readonly signed: boolean;
  /** Whether the samples of a pixel do not come together out of the decoder, but a plane each. */
  readonly planar: boolean;
  /** Whether the codestream says of itself that it is red, green and blue. */
  readonly rgb: boolean;
}

/** More bits a sample than this no codec here takes. */
const MAXIMUM_PRECISION = 16;

export function damaged(message: string): never {
  throw new PixelDataError('codestream', message);
}

/**
 * Makes sure that a frame is the image that the data set describes, before anything is allocated for it.
 * @throws PixelDataError `codestream`, `unsupported`
 */
export function checkCodestream(codestream: Codestream, image: ImageDescription): void {
  const { rows, columns, samplesPerPixel, precision } = codestream;
  if (rows !== image.rows || columns !== image.columns || samplesPerPixel !== image.samplesPerPixel) {
    damaged('The compressed frame has other dimensions than the data set says');
  }
  if (precision < 1 || precision > image.bitsAllocated)
    damaged('The compressed frame has more bits than the data set says');
  if (precision > MAXIMUM_PRECISION) throw new PixelDataError('unsupported', 'Compressed samples of more than 16 bits');
}
