import { type BuilderEntry } from '../testing/dicom-builder.js';
import { buildImage, openImage, type TestImage } from '../testing/image-builder.js';
import { readPalette } from '../pixels/palette.js';
import { PixelDataError } from '../pixels/errors.js';
import { makePicture, type PictureRequest } from './make-picture.js';
import { type Picture } from './picture.js';
import { shownFrame, type ShownFrame } from './shown-frame.js';

const words = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const STRETCHED = { rows: 1, columns: 4, bitsAllocated: 16, pixelBytes: words(0, 50, 300, 65535) };
const SIGNED = { ...STRETCHED, signed: true, pixelBytes: words(0x8000, 0xffce, 300, 0x7fff) };

async function shown(image: TestImage, frame = 0): Promise<ShownFrame> {
  const opened = openImage(buildImage(image));
  const { image: description, model } = opened;
  const none = (): Promise<Buffer> => Promise.reject(new Error('nothing to read'));
  const palette = description.palette && (await readPalette(description.palette, none, true));
  const decoded = { frame: await opened.frame(frame), model, ...(palette && { palette }) };
  return shownFrame(decoded, frame);
}

async function picture(image: TestImage, request: PictureRequest, frame = 0): Promise<Picture> {
  return makePicture(await shown(image, frame), request);
}

async function pixels(image: TestImage, request: PictureRequest, frame = 0): Promise<number[]> {
  return [...(await picture(image, request, frame)).data];
}

/** The code of the error with which a picture ends. */
async function failure(image: TestImage, request: PictureRequest): Promise<string> {
  const error: unknown = await picture(image, request).catch((reason: unknown) => reason);
  return error instanceof PixelDataError ? error.code : 'none';
}

const RENDERED = { kind: 'rendered', smooth: false } as const;
const window = (center: string, width: string): BuilderEntry[] => [
  [0x00281050, 'DS', center],
  [0x00281051, 'DS', width],
];

// the numbers were asked of Orthanc 1.12.7
describe('a preview', () => {
  const preview = { kind: 'preview' } as const;

  it('stretches the values to what a picture can show', async () => {
    expect(await pixels(STRETCHED, preview)).toEqual([0, 0, 1, 255]);
    expect(await pixels(SIGNED, preview)).toEqual([0, 127, 129, 255]);
    expect(await pixels({ ...STRETCHED, bitsStored: 12, pixelBytes: words(0, 50, 300, 4095) }, preview)).toEqual([
      0, 3, 19, 255,
    ]);
  });

  it('shows the smallest value white where the image says so', async () => {
    expect(await pixels({ ...SIGNED, photometric: 'MONOCHROME1' }, preview)).toEqual([255, 128, 126, 0]);
  });

  it('is black where there is one value only, or white', async () => {
    const image = { ...STRETCHED, pixelBytes: words(7, 7, 7, 7) };
    expect(await pixels(image, preview)).toEqual([0, 0, 0, 0]);
    expect(await pixels({ ...image, photometric: 'MONOCHROME1' }, preview)).toEqual([255, 255, 255, 255]);
  });

  it('shows values of 32 bits, floating point numbers and single bits', async () => {
    const large = { rows: 1, columns: 3, bitsAllocated: 32 };
    const integers = Buffer.from(Uint32Array.from([0, 2 ** 31, 2 ** 32 - 1]).buffer);
    expect(await pixels({ ...large, pixelBytes: integers }, preview)).toEqual([0, 128, 255]);
    const reals: BuilderEntry[] = [[0x7fe00008, 'OF', [-1, Number.NaN, 1]]];
    expect(await pixels({ ...large, trailing: reals }, preview)).toEqual([0, 0, 255]);
    expect(await pixels({ rows: 1, columns: 3, bitsAllocated: 1, pixelBytes: Buffer.from([0b101]) }, preview)).toEqual([
      255, 0, 255,
    ]);
  });

  it('keeps colours, of 16 bits the upper 8', async () => {
    const rgb = { rows: 1, columns: 1, samples: 3 };
    expect(await picture({ ...rgb, pixelBytes: Buffer.from([1, 2, 3]) }, preview)).toMatchObject({ channels: 3 });
    expect(await pixels({ ...rgb, pixelBytes: Buffer.from([1, 2, 3]) }, preview)).toEqual([1, 2, 3]);
    expect(await pixels({ ...rgb, bitsAllocated: 16, pixelBytes: words(3000, 6000, 65535) }, preview)).toEqual([
      11, 23, 255,
    ]);
  });

  it('turns luminance and chrominance into colours', async () => {
    const pixelBytes = Buffer.from([0, 50, 100, 1, 2, 3, 150, 200, 255, 4, 5, 6]);
    const image = { rows: 2, columns: 2, samples: 3, photometric: 'YBR_FULL', pixelBytes };
    expect(await pixels(image, preview)).toEqual([0, 46, 0, 0, 133, 0, 255, 34, 255, 0, 133, 0]);
    const edge = { ...image, rows: 1, columns: 1, pixelBytes: Buffer.from([17, 228, 28]) };
    expect(await pixels(edge, preview)).toEqual([0, 53, 194]);
    // as the decoders of lossy JPEG do by themselves
    const rounded = { ...(await shown(image)), fractions: 'rounded' } as const;
    expect([...makePicture(rounded, preview).data]).toEqual([0, 47, 0, 0, 134, 0, 255, 35, 255, 0, 133, 0]);
  });

  it('has the colours of luminance with chrominance for every second pixel, or for each though it says so', async () => {
    const image = { rows: 1, columns: 2, samples: 3, photometric: 'YBR_FULL_422' };
    const colours = [0, 46, 0, 0, 47, 0];
    expect(await pixels({ ...image, pixelBytes: Buffer.from([0, 1, 50, 100]) }, preview)).toEqual(colours);
    expect(await pixels({ ...image, pixelBytes: Buffer.from([0, 50, 100, 1, 50, 100]) }, preview)).toEqual(colours);
  });

  it.each(['', 'MONOCHROME2'])(
    'takes three samples that are said to be %j for red, green and blue',
    async (photometric) => {
      const image = { rows: 1, columns: 1, samples: 3, photometric, pixelBytes: Buffer.from([1, 2, 3]) };
      expect(await pixels(image, preview)).toEqual([1, 2, 3]);
    },
  );

  it('is the same for as many pixels as there may be', async () => {
    const values = Uint16Array.from({ length: 300 * 300 }, (_, index) => (index * 7) % 5000);
    const image = { rows: 300, columns: 300, bitsAllocated: 16, pixelBytes: Buffer.from(values.buffer) };
    const few = { ...STRETCHED, pixelBytes: words(0, values[700]!, values[89_000]!, 4999) };
    const [, one, other] = await pixels(few, preview);
    const many = await pixels(image, preview);
    expect([many[700], many[89_000]]).toEqual([one, other]);
  });
});

describe('a picture through a palette', () => {
  const palette = (bits: number, first = 0): BuilderEntry[] =>
    [0, 1, 2].flatMap((index): BuilderEntry[] => [
      [0x00281101 + index, 'US', [3, first, bits]],
      [0x00281201 + index, 'OW', words(...[10, 20, 30].map((value) => (value + index) * (bits === 16 ? 257 : 1)))],
    ]);
  const image = { rows: 1, columns: 3, photometric: 'PALETTE COLOR', pixelBytes: Buffer.from([0, 1, 200]) };

  it('has the colours of the tables, and of their ends beyond them', async () => {
    const colours = [10, 11, 12, 20, 21, 22, 30, 31, 32];
    expect(await pixels({ ...image, extra: palette(8) }, { kind: 'preview' })).toEqual(colours);
    expect(await pixels({ ...image, extra: palette(16) }, RENDERED)).toEqual(colours);
    expect(await pixels({ ...image, extra: palette(16, 1) }, RENDERED)).toEqual([10, 11, 12, 10, 11, 12, 30, 31, 32]);
  });

  it('is none without them', async () => {
    expect(await failure(image, { kind: 'preview' })).toBe('description');
  });
});

describe('a picture of the stored values', () => {
  it('cuts them off at the ends of its type', async () => {
    expect(await pixels(SIGNED, { kind: 'uint8' })).toEqual([0, 0, 255, 255]);
    expect(await pixels(SIGNED, { kind: 'uint16' })).toEqual([0, 0, 300, 32767]);
    expect(await pixels(SIGNED, { kind: 'int16' })).toEqual([32768, 65486, 300, 32767]);
    expect(await pixels(STRETCHED, { kind: 'int16' })).toEqual([0, 50, 300, 32767]);
    expect(await pixels({ ...STRETCHED, photometric: 'MONOCHROME1' }, { kind: 'uint8' })).toEqual([0, 50, 255, 255]);
  });

  it('has as many bits as its type', async () => {
    expect((await picture(SIGNED, { kind: 'uint8' })).data).toBeInstanceOf(Uint8Array);
    expect((await picture(SIGNED, { kind: 'int16' })).data).toBeInstanceOf(Uint16Array);
  });

  it('is none of colours', async () => {
    const rgb = { rows: 1, columns: 1, samples: 3, pixelBytes: Buffer.from([1, 2, 3]) };
    for (const kind of ['uint8', 'uint16', 'int16'] as const) expect(await failure(rgb, { kind })).toBe('unsupported');
  });
});

describe('a rendered picture', () => {
  const image = { rows: 2, columns: 3, bitsAllocated: 16, pixelBytes: words(0, 50, 300, 1000, 2000, 4000) };
  const rescaled = (slope: string, intercept: string): BuilderEntry[] => [
    [0x00281053, 'DS', slope],
    [0x00281052, 'DS', intercept],
  ];

  it.each([
    ['all that can be stored', [], [0, 0, 1, 3, 7, 15]],
    ['its window', window('1000', '2000'), [0, 6, 38, 127, 255, 255]],
    ['the first of several', window('1000\\5', '2000\\7'), [0, 6, 38, 127, 255, 255]],
    ['all where the window is half', [[0x00281050, 'DS', '1000']], [0, 0, 1, 3, 7, 15]],
    ['no width below 1', window('1000', '-100'), [0, 0, 0, 127, 255, 255]],
    ['fractions', window('1000.5', '2000.25'), [0, 6, 38, 127, 254, 255]],
    ['rescaled values', [...window('1000', '2000'), ...rescaled('2', '-100')], [0, 0, 63, 242, 255, 255]],
    ['a small slope', [...window('100', '200'), ...rescaled('0.05', '10')], [12, 15, 31, 76, 140, 255]],
    ['a falling slope', [...window('100', '2000'), ...rescaled('-1', '1000')], [242, 235, 204, 114, 0, 0]],
    ['no slope at all', [...window('1000', '2000'), ...rescaled('0', '1000')], [127, 127, 127, 127, 127, 127]],
    ['no rescaling by half', [[0x00281053, 'DS', '2']], [0, 0, 1, 3, 7, 15]],
  ] as [string, BuilderEntry[], number[]][])('shows %s', async (_, extra, expected) => {
    expect(await pixels({ ...image, extra }, RENDERED)).toEqual(expected);
  });

  it('shows another window where one is given, or half of one', async () => {
    const extra = window('1', '2');
    expect(await pixels({ ...image, extra }, { ...RENDERED, windowCenter: 1000, windowWidth: 2000 })).toEqual([
      0, 6, 38, 127, 255, 255,
    ]);
    expect(await pixels({ ...image, extra: window('1000', '2') }, { ...RENDERED, windowWidth: 2000 })).toEqual([
      0, 6, 38, 127, 255, 255,
    ]);
    expect(await pixels(image, { ...RENDERED, windowCenter: NaN })).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('has the window and the rescaling of its frame, unless the image has its own', async () => {
    const group = (center: string, slope: string): BuilderEntry[] => [
      [0x00289132, 'SQ', [window(center, '2000')]],
      [0x00289145, 'SQ', [rescaled(slope, '0')]],
    ];
    const frames: BuilderEntry[] = [[0x52009230, 'SQ', [group('1000', '1'), group('2000', '2')]]];
    const shared: BuilderEntry[] = [[0x52009229, 'SQ', [group('1000', '1')]]];
    const two = { ...image, frames: 2, pixelBytes: Buffer.concat([image.pixelBytes, image.pixelBytes]) };
    expect(await pixels({ ...two, extra: frames }, RENDERED, 0)).toEqual([0, 6, 38, 127, 255, 255]);
    expect(await pixels({ ...two, extra: frames }, RENDERED, 1)).toEqual([0, 0, 0, 127, 255, 255]);
    expect(await pixels({ ...two, extra: shared }, RENDERED, 1)).toEqual([0, 6, 38, 127, 255, 255]);
    const own = [...window('100', '200'), ...rescaled('3', '1')];
    expect(await pixels({ ...two, extra: [...own, ...frames] }, RENDERED, 0)).toEqual([1, 192, 255, 255, 255, 255]);
  });

  it('is inverted where the smallest value is white', async () => {
    const inverted = { ...image, photometric: 'MONOCHROME1', extra: window('1000', '2000') };
    expect(await pixels(inverted, RENDERED)).toEqual([255, 249, 217, 128, 0, 0]);
  });

  it('is as large as fits, in proportion', async () => {
    const size = async (wanted: { width?: number; height?: number }): Promise<number[]> => {
      const { width, height, data } = await picture(image, { ...RENDERED, ...wanted });
      expect(data).toHaveLength(width * height);
      return [width, height];
    };
    expect(await size({ width: 6 })).toEqual([6, 4]);
    expect(await size({ height: 4 })).toEqual([6, 4]);
    expect(await size({ width: 6, height: 2 })).toEqual([3, 2]);
    expect(await size({ width: 0, height: 0 })).toEqual([3, 2]);
    expect(await size({ width: 1 })).toEqual([1, 1]);
  });

  it('has the nearest pixels, smoothed only where it gets smaller and that is wanted', async () => {
    const values = [0, 0, 0, 255, 255, 255];
    const row = { rows: 1, columns: 6, pixelBytes: Buffer.from(values), extra: window('127.5', '255') };
    expect(await pixels(row, { ...RENDERED, width: 3 })).toEqual([0, 255, 255]);
    expect(await pixels(row, { ...RENDERED, width: 3, smooth: true })).toEqual([15, 175, 255]);
    const turned = { ...row, photometric: 'MONOCHROME1' };
    expect(await pixels(turned, { ...RENDERED, width: 3, smooth: true })).toEqual([240, 80, 0]);
    const larger = await picture(row, { ...RENDERED, width: 12, smooth: true });
    expect([larger.width, larger.height]).toEqual([12, 2]);
    expect([...larger.data.subarray(12)]).toEqual([0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255]);
  });

  it('resizes colours too, which have no window', async () => {
    const rgb = {
      rows: 1,
      columns: 2,
      samples: 3,
      pixelBytes: Buffer.from([1, 2, 3, 4, 5, 6]),
      extra: window('1', '2'),
    };
    expect(await pixels(rgb, { ...RENDERED, width: 1 })).toEqual([4, 5, 6]);
    expect(await pixels(rgb, RENDERED)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

/** Colour models that nothing here turns into red, green and blue; the last two are undone by JPEG 2000 alone. */
const UNKNOWN_COLOURS = [
  'HSV',
  'CMYK',
  'XYB',
  'PALETTE COLOR',
  'YBR_PARTIAL_422',
  'YBR_PARTIAL_420',
  'YBR_RCT',
  'YBR_ICT',
];

it.each<readonly [string, Omit<TestImage, 'pixelBytes'>]>([
  ['two samples a pixel', { rows: 1, columns: 2, samples: 2 }],
  ['four samples a pixel', { rows: 1, columns: 2, samples: 4 }],
  ['colours with a sign', { rows: 1, columns: 1, samples: 3, signed: true }],
  ['colours of 32 bits', { rows: 1, columns: 1, samples: 3, bitsAllocated: 32 }],
  ...UNKNOWN_COLOURS.map((photometric) => [photometric, { rows: 1, columns: 2, samples: 3, photometric }] as const),
  ['integers of 64 bits', { rows: 1, columns: 1, bitsAllocated: 64 }],
])('%s are no picture', async (_, image) => {
  const pixelBytes = Buffer.alloc(64);
  expect(await failure({ ...image, pixelBytes }, { kind: 'preview' })).toBe('unsupported');
  expect(await failure({ ...image, pixelBytes }, RENDERED)).toBe('unsupported');
});
