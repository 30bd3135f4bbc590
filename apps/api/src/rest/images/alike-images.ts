import { type HeaderModel, type ImageDescription, imageDescription, isColour } from '@annal/dicom';
import { OrthancError } from '../../http/errors/http-errors.js';

/**
 * Counts the frames of images, which must all fit in one array.
 * @throws PixelDataError where an image is none; OrthancError 500 where they differ
 */
export async function countAlike(
  images: AsyncIterable<readonly [image: unknown, model: HeaderModel]>,
): Promise<number> {
  let first: ImageDescription | undefined;
  let frames = 0;
  for await (const [, model] of images) {
    const image = imageDescription(model);
    first ??= image;
    if (image.rows !== first.rows || image.columns !== first.columns) throw differentSizes();
    if (formOf(image) !== formOf(first)) throw differentFormats();
    frames += image.numberOfFrames;
  }
  return frames;
}

/** 500: one array takes frames of one size. */
export function differentSizes(): OrthancError {
  return new OrthancError('IncompatibleImageSize', 'The size of the frames varies across the instance(s)');
}

/** 500: one array takes numbers of one kind. */
export function differentFormats(): OrthancError {
  const details = 'The pixel format of the frames varies across the instance(s)';
  return new OrthancError('IncompatibleImageFormat', details, 500);
}

function formOf(image: ImageDescription): string {
  return isColour(image)
    ? 'colour'
    : `${image.kind} ${image.signed} ${image.bitsAllocated === 1 ? 8 : image.bitsAllocated}`;
}
