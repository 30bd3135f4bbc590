import sharp from 'sharp';

const SIDE = 48;

/** A picture in three channels of {@link SIDE} by {@link SIDE} pixels. */
export type Thumbnail = Buffer;

/** A picture, or the part of it with this aspect ratio in its middle, where a viewer shows an image as large as it fits. */
export async function thumbnail(picture: Buffer, aspect?: number): Promise<Thumbnail> {
  const image = sharp(picture);
  const { width, height } = await image.metadata();
  const shown = aspect === undefined ? { width, height } : fitted(width, height, aspect);
  return image
    .extract({
      left: Math.round((width - shown.width) / 2),
      top: Math.round((height - shown.height) / 2),
      width: Math.round(shown.width),
      height: Math.round(shown.height),
    })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .resize(SIDE, SIDE, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
}

function fitted(width: number, height: number, aspect: number): { width: number; height: number } {
  return width / height > aspect ? { width: height * aspect, height } : { width, height: width / aspect };
}

/** How much two pictures are alike, whatever their brightness and contrast: their correlation, 1 for the same picture. */
export function likeness(a: Thumbnail, b: Thumbnail): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  a.forEach((value, index) => {
    const [x, y] = [value - meanA, b[index]! - meanB];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  });
  return squaresA === 0 || squaresB === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
}

function mean(values: Buffer): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
