import { pamFile, type Picture } from '@annal/dicom';
import sharp from 'sharp';
import { OrthancError } from '../http/errors/http-errors.js';

/** Media types of pictures. */
export type PictureType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/x-portable-arbitrarymap';

/** How a picture is sent. */
export interface PictureForm {
  readonly type: PictureType;
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
}

// a picture is no work for several threads, and none comes twice
sharp.concurrency(1);
sharp.cache(false);

/** Level 2 of zlib and no filter: a third of the time of the usual choice, for files a few per cent larger. */
const PNG = { compressionLevel: 2, adaptiveFiltering: false } as const;

/** Neither JPEG nor GIF has room for more in one direction. */
const LARGEST_SIDE = 65_535;

/**
 * A picture as a file. Pixels of PNG and PAM are exact, 16 bits included; JPEG and GIF have 8, and GIF 256 colours.
 * @throws OrthancError 406 for a JPEG or GIF of 16-bit samples, 413 for one that is too wide or high
 */
export async function encodePicture(picture: Picture, { type, quality }: PictureForm): Promise<Buffer> {
  if (type === 'image/x-portable-arbitrarymap') return pamFile(picture);
  const { width, height, channels, data } = picture;
  const wide = data instanceof Uint16Array;
  if (type !== 'image/png') checkSmall(picture);
  const pixels = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  const coloured = pixels.toColourspace(channels === 3 ? 'srgb' : wide ? 'grey16' : 'b-w');
  if (type === 'image/gif') return coloured.gif({ dither: 0 }).toBuffer();
  return type === 'image/jpeg'
    ? coloured.jpeg({ quality, optimiseCoding: false }).toBuffer()
    : coloured.png(PNG).toBuffer();
}

/** A GIF that shows pictures of one size one after the other, for ever. @param delay of each, milliseconds */
export async function animatedGif(pictures: readonly Picture[], delay: number): Promise<Buffer> {
  const { width, height, channels } = pictures[0]!;
  checkSmall(pictures[0]!);
  const data = Buffer.concat(pictures.map((picture) => picture.data as Uint8Array));
  const raw = { width, height: height * pictures.length, channels, pageHeight: height };
  const frames = sharp(data, { raw, limitInputPixels: false });
  return frames.gif({ delay: pictures.map(() => delay), loop: 0, dither: 0 }).toBuffer();
}

function checkSmall({ data, width, height }: Picture): void {
  if (data instanceof Uint16Array) throw new OrthancError('NotAcceptable', 'This form has no samples of 16 bits');
  if (Math.max(width, height) > LARGEST_SIDE) {
    throw new OrthancError('BadRequest', `More than ${LARGEST_SIDE} pixels in one direction`, 413);
  }
}
