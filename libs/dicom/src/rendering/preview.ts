import { rgb8Of } from './colours.js';
import { linearBytes, rangeOf } from './linear.js';
import { inverted, type Picture } from './picture.js';
import { samplesOf } from './samples.js';
import { isColour, isInverted, type ShownFrame } from './shown-frame.js';

/**
 * A frame with all its values in sight: the smallest is black and the largest white, or the other way round for
 * MONOCHROME1. Colours stay as they are, with 8 bits.
 * @throws PixelDataError for what is neither grey nor in colour
 */
export function previewPicture(shown: ShownFrame): Picture {
  const { rows: height, columns: width } = shown.frame;
  if (isColour(shown.frame)) return { width, height, channels: 3, data: rgb8Of(shown) };
  const samples = samplesOf(shown.frame);
  const range = rangeOf(samples);
  const [low, high] = range;
  const scale = low === high ? 0 : Math.fround(255 / Math.fround(high - low));
  const offset = Math.fround(Math.fround(-low) * scale);
  const picture = {
    width,
    height,
    channels: 1 as const,
    data: linearBytes(samples, { scale, offset, fractions: 'rounded' }, range),
  };
  return isInverted(shown) ? inverted(picture) : picture;
}
