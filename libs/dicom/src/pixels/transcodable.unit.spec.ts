import { TransferSyntax } from '../testing/dicom-builder.js';
import { buildImage, openImage } from '../testing/image-builder.js';
import { isTranscodable } from './transcodable.js';

const JPEG_LS = '1.2.840.10008.1.2.4.80';

/** Whether a compressed file that says it has so many frames of 256 MiB can be put into a transfer syntax. */
function canBe(frames: number, syntax: string, columns = 0x4000): boolean {
  const fragments = [Buffer.alloc(0), Buffer.alloc(64)];
  const file = buildImage({ rows: 0x4000, columns, frames, fragments, transferSyntax: TransferSyntax.rle });
  return isTranscodable(openImage(file).model, syntax);
}

describe('whether a file can be put into a transfer syntax, by its header', () => {
  it('asks whether there is room for its frames in one element, uncompressed', () => {
    const { implicitLittleEndian, explicitLittleEndian, explicitBigEndian, deflatedLittleEndian } = TransferSyntax;
    for (const syntax of [implicitLittleEndian, explicitLittleEndian, explicitBigEndian, deflatedLittleEndian]) {
      const answers = [canBe(15, syntax), canBe(16, syntax), canBe(16, syntax, 0x3fff), canBe(0x7fffffff, syntax)];
      expect([syntax, answers]).toEqual([syntax, [true, false, true, false]]);
    }
  });

  it('does not ask so where each frame is a fragment of its own', () => {
    expect(canBe(16, JPEG_LS)).toBe(true);
  });
});
