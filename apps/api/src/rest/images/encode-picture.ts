import { pamFile, type Picture } from '@annal/dicom';
import sharp from 'sharp';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { PictureType } from './picture-format.js';

// a picture is no work for several threads, and none comes twice
sharp.concurrency(1);
sharp.cache(false);

/** Level 2 of zlib and no filter: a third of the time of the usual choice, for files a few per cent larger. */
const PNG = { compressionLevel: 2, adaptiveFiltering: false } as const;

/**
 * A picture as a file. Pixels of PNG and PAM are exact, 16 bits included; JPEG has 8.
 * @param quality of JPEG, 1 to 100
 * @throws OrthancError 406 for a JPEG of 16-bit samples
 */
export async function encodePicture(picture: Picture, type: PictureType, quality: number): Promise<Buffer> {
  if (type === 'image/x-portable-arbitrarymap') return pamFile(picture);
  const { width, height, channels, data } = picture;
  const wide = data instanceof Uint16Array;
  if (type === 'image/jpeg' && wide) throw new OrthancError('NotAcceptable', 'JPEG has no samples of 16 bits');
  const pixels = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  const coloured = pixels.toColourspace(channels === 3 ? 'srgb' : wide ? 'grey16' : 'b-w');
  return type === 'image/jpeg'
    ? coloured.jpeg({ quality, optimiseCoding: false }).toBuffer()
    : coloured.png(PNG).toBuffer();
}
