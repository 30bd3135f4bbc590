import { type BuilderEntry, TransferSyntax } from '../testing/dicom-builder.js';
import { buildImage, openImage, type TestImage } from '../testing/image-builder.js';
import { type PixelDataError } from './errors.js';
import { isTranscodable } from './transcodable.js';

const words = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);

/** The code of the error that a task ends with. */
async function codeOf(task: () => unknown): Promise<string> {
  try {
    await task();
  } catch (error) {
    return (error as PixelDataError).code;
  }
  return 'no error';
}

async function dataOf(image: TestImage, frame = 0): Promise<number[]> {
  return [...(await openImage(buildImage(image)).frame(frame)).data];
}

describe('frames of uncompressed pixel data', () => {
  it('follow each other without padding', async () => {
    const pixelBytes = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
    const image = { rows: 1, columns: 3, frames: 3, pixelBytes };
    expect(await dataOf(image, 0)).toEqual([1, 2, 3]);
    expect(await dataOf(image, 2)).toEqual([7, 8, 9]);
  });

  it('have 16-bit samples in little endian order, whatever the file has', async () => {
    const image = { rows: 1, columns: 2, bitsAllocated: 16, frames: 2 };
    const little = await dataOf({ ...image, pixelBytes: words(1, 256, 513, 4) }, 1);
    const transferSyntax = TransferSyntax.explicitBigEndian;
    const big = await dataOf({ ...image, transferSyntax, pixelBytes: words(1, 256, 513, 4).swap16() }, 1);
    expect(little).toEqual([1, 2, 4, 0]);
    expect(big).toEqual(little);
  });

  it('have bytes of big endian words put in order, also in the midst of a word', async () => {
    const image = { rows: 1, columns: 3, frames: 2, transferSyntax: TransferSyntax.explicitBigEndian };
    const pixelBytes = Buffer.from([2, 1, 4, 3, 6, 5]);
    expect(await dataOf({ ...image, pixelBytes }, 0)).toEqual([1, 2, 3]);
    expect(await dataOf({ ...image, pixelBytes }, 1)).toEqual([4, 5, 6]);
  });

  it('have single bits as bytes, frames starting in the midst of a byte', async () => {
    const image = { rows: 3, columns: 1, bitsAllocated: 1, frames: 3, pixelBytes: Buffer.from([0b11_101_001, 0b1]) };
    expect(await dataOf(image, 0)).toEqual([1, 0, 0]);
    expect(await dataOf(image, 1)).toEqual([1, 0, 1]);
    expect(await dataOf(image, 2)).toEqual([1, 1, 1]);
  });

  it('have nothing but the value in a sample, with its sign', async () => {
    const image = { rows: 1, columns: 2, bitsAllocated: 16, bitsStored: 12 };
    const pixelBytes = words(0xf800, 0x07ff);
    expect(await dataOf({ ...image, pixelBytes })).toEqual([0x00, 0x08, 0xff, 0x07]);
    expect(await dataOf({ ...image, pixelBytes, signed: true })).toEqual([0x00, 0xf8, 0xff, 0x07]);
    expect(await dataOf({ ...image, highBit: 15, pixelBytes: words(0x8001, 0x0010) })).toEqual([0, 8, 1, 0]);
  });

  it('have nothing but the value in the last sample of an odd number, in memory at any place', async () => {
    const image = { rows: 1, columns: 3, bitsAllocated: 16, bitsStored: 4, frames: 2 };
    const pixelBytes = words(1, 2, 0xf3, 4, 5, 0xf6);
    expect(await dataOf({ ...image, pixelBytes })).toEqual([1, 0, 2, 0, 3, 0]);
    expect(await dataOf({ ...image, pixelBytes }, 1)).toEqual([4, 0, 5, 0, 6, 0]);
    const signed = { ...image, signed: true, pixelBytes: words(7, 0xfff9, 0x0f, 7, 7, 8) };
    expect(await dataOf(signed)).toEqual([7, 0, 0xf9, 0xff, 0xff, 0xff]);
    expect(await dataOf(signed, 1)).toEqual([7, 0, 7, 0, 0xf8, 0xff]);
  });

  it('have the samples of a pixel together', async () => {
    const rgb = { rows: 1, columns: 2, samples: 3 };
    expect(await dataOf({ ...rgb, planar: 0, pixelBytes: Buffer.from([1, 2, 3, 4, 5, 6]) })).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(await dataOf({ ...rgb, planar: 1, pixelBytes: Buffer.from([1, 4, 2, 5, 3, 6]) })).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });

  it('have chrominance for each pixel', async () => {
    const image = {
      rows: 1,
      columns: 2,
      samples: 3,
      photometric: 'YBR_FULL_422',
      pixelBytes: Buffer.from([1, 2, 8, 9]),
    };
    const { photometric, data } = await openImage(buildImage(image)).frame(0);
    expect([photometric, ...data]).toEqual(['YBR_FULL', 1, 8, 9, 2, 8, 9]);
    expect(await dataOf({ ...image, pixelBytes: Buffer.from([1, 2, 3, 4, 5, 6]) })).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('have chrominance for each pixel of any number of rows, in samples of any size', async () => {
    const image = { rows: 3, columns: 2, samples: 3, photometric: 'YBR_FULL_422' };
    const pixelBytes = Buffer.from([1, 2, 8, 9, 3, 4, 6, 7, 5, 6, 4, 5]);
    const full = [1, 8, 9, 2, 8, 9, 3, 6, 7, 4, 6, 7, 5, 4, 5, 6, 4, 5];
    expect(await dataOf({ ...image, pixelBytes })).toEqual(full);
    const deep = { ...image, bitsAllocated: 16, pixelBytes: words(...pixelBytes) };
    expect(await dataOf(deep)).toEqual([...words(...full)]);
  });

  it.each(['YBR_FULL_422', 'YBR_PARTIAL_422'])(
    'are refused with chrominance for pairs of an odd number of columns: %s',
    async (photometric) => {
      const sizes = [
        [1, 1],
        [1, 3],
        [2, 3],
        [3, 1],
      ] as const;
      for (const [rows, columns] of sizes) {
        const pixelBytes = Buffer.alloc(rows * columns * 2, 7);
        const odd = openImage(buildImage({ rows, columns, samples: 3, photometric, pixelBytes }));
        expect([rows, columns, await codeOf(() => odd.frame(0))]).toEqual([rows, columns, 'unsupported']);
        const targets = ['1.2.840.10008.1.2.5', TransferSyntax.implicitLittleEndian];
        expect(targets.map((target) => isTranscodable(odd.model, target))).toEqual([false, true]);
      }
      const whole = { rows: 2, columns: 1, samples: 3, photometric, pixelBytes: Buffer.from([1, 2, 3, 4, 5, 6]) };
      expect(await dataOf(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    },
  );

  it.each([
    [0x7fe00008, 'OF', 32, 'float'],
    [0x7fe00009, 'OD', 64, 'double'],
  ])('are read from %i too', async (tag, vr, bitsAllocated, kind) => {
    const trailing: BuilderEntry[] = [[tag, vr, [0.5, -2]]];
    for (const transferSyntax of [TransferSyntax.explicitLittleEndian, TransferSyntax.explicitBigEndian]) {
      const file = buildImage({ rows: 1, columns: 2, bitsAllocated, trailing, transferSyntax });
      const frame = await openImage(file).frame(0);
      const array = kind === 'float' ? Float32Array : Float64Array;
      expect([...new array(new Uint8Array(frame.data).buffer)]).toEqual([0.5, -2]);
      expect(frame.kind).toBe(kind);
    }
  });

  it('are there by their number only, and where there is pixel data for them', async () => {
    const image = { rows: 2, columns: 2, frames: 2, pixelBytes: Buffer.alloc(6) };
    const { frame } = openImage(buildImage(image));
    expect(await codeOf(() => frame(0))).toBe('location');
    for (const n of [-1, 2, 0.5, NaN]) expect(await codeOf(() => frame(n))).toBe('no-such-frame');
    const without = openImage(buildImage({ ...image, pixelBytes: undefined }));
    expect(await codeOf(() => without.frame(0))).toBe('no-pixel-data');
  });
});

describe('the description of an image', () => {
  const good = { rows: 2, columns: 2, pixelBytes: Buffer.alloc(4) };
  const describeImage = (extra: BuilderEntry[]): Promise<string> =>
    codeOf(() => openImage(buildImage({ ...good, extra })).image);

  it('refuses what cannot be', async () => {
    const impossible: BuilderEntry[] = [
      [0x00280010, 'US', 0],
      [0x00280010, 'UL', 0x10000],
      [0x00280010, 'US', ''],
      [0x00280011, 'LO', 'x'],
      [0x00280002, 'US', 0],
      [0x00280002, 'US', 65535],
      [0x00280100, 'US', 0],
      [0x00280100, 'US', 65535],
      [0x00280100, 'US', 12],
      [0x00280101, 'US', 9],
      [0x00280101, 'US', 0],
      [0x00280102, 'US', 8],
      [0x00280103, 'US', 2],
      [0x00280008, 'IS', '-1'],
      [0x00280008, 'IS', '2147483648'],
      [0x00280008, 'IS', '1e99'],
      [0x00280008, 'IS', 'many'],
    ];
    for (const entry of impossible) expect([entry, await describeImage([entry])]).toEqual([entry, 'description']);
  });

  it('takes rows in another representation, and what is absent as Orthanc does', async () => {
    expect(await describeImage([[0x00280010, 'UL', 2]])).toBe('no error');
    const bare = openImage(
      buildImage({
        ...good,
        extra: [
          [0x00280101, 'US', ''],
          [0x00280102, 'US', ''],
          [0x00280103, 'US', ''],
        ],
      }),
    );
    expect(bare.image).toMatchObject({ bitsStored: 8, highBit: 7, signed: false, numberOfFrames: 1 });
  });

  it('counts frames beyond 32 bits of bytes without losing its way', async () => {
    const image = { rows: 65535, columns: 65535, bitsAllocated: 32, frames: 0x7fffffff, pixelBytes: Buffer.alloc(4) };
    const { location } = openImage(buildImage(image));
    expect(await codeOf(() => location(0x7ffffffe))).toBe('location');
  });
});
