import type { BlobCompression } from '@annal/domain';

/** How the tables number the ways in which a blob may hold the bytes of a file. */
export const COMPRESSION_NUMBERS: Readonly<Record<BlobCompression, number>> = {
  none: 1,
  zlib: 2,
  'zlib-with-size': 3,
};

/** The way that a number stands for. @throws RangeError on an unknown number */
export function compressionOf(number: number): BlobCompression {
  for (const [name, known] of Object.entries(COMPRESSION_NUMBERS)) {
    if (known === number) return name as BlobCompression;
  }
  throw new RangeError(`No way to store a file has the number ${number}`);
}
