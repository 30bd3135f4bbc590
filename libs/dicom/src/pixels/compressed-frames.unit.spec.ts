import { buildImage, openImage } from '../testing/image-builder.js';
import { testFrame, type TestFrame } from '../testing/test-frames.js';
import { decodeFrame } from './decode-frame.js';
import { type DecodedFrame } from './decoded-frame.js';
import { encodeFrame } from './encode-frame.js';
import { PixelDataError } from './errors.js';
import { type ImageDescription } from './image-description.js';

const BASE = '1.2.840.10008.1.2.4';
/** What frames that were decoded before are full of. */
const SECRET = 0xa7;
const RLE = '1.2.840.10008.1.2.5';
const JPEG_LOSSLESS = `${BASE}.70`;
const JPEG_LS = `${BASE}.80`;
const JPEG_2000 = `${BASE}.90`;
const HT = `${BASE}.201`;
const LOSSLESS = [RLE, `${BASE}.57`, JPEG_LOSSLESS, JPEG_LS, JPEG_2000, HT, `${BASE}.202`];

/** How a data set describes a frame. */
function imageOf(frame: DecodedFrame, changes: Partial<ImageDescription> = {}): ImageDescription {
  return { ...frame, planarConfiguration: 0, numberOfFrames: 1, pixelVr: 'OB', windows: [], ...changes };
}

async function throughCodec(frame: DecodedFrame, syntax: string, quality = 90): Promise<DecodedFrame> {
  const { bytes, photometric } = await encodeFrame(frame, syntax, quality);
  return decodeFrame(imageOf(frame, { photometric }), syntax, bytes);
}

function largestDifference(one: Buffer, other: Buffer): number {
  return one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index]!)), 0);
}

/** How a task ends; errors other than of pixel data are let through. */
async function outcome(task: () => Promise<DecodedFrame>): Promise<string> {
  try {
    await task();
    return 'decoded';
  } catch (error) {
    if (error instanceof PixelDataError) return error.code;
    throw error;
  }
}

describe('compressed frames', () => {
  const forms: readonly TestFrame[] = [
    { bitsAllocated: 8 },
    { bitsAllocated: 8, bitsStored: 1 },
    { bitsAllocated: 8, bitsStored: 6 },
    { bitsAllocated: 8, signed: true },
    { bitsAllocated: 16, bitsStored: 8 },
    { bitsAllocated: 16, bitsStored: 8, signed: true },
    { bitsAllocated: 16, bitsStored: 10 },
    { bitsAllocated: 16, bitsStored: 12 },
    { bitsAllocated: 16, bitsStored: 12, signed: true },
    { bitsAllocated: 16 },
    { bitsAllocated: 16, signed: true },
    { bitsAllocated: 32, bitsStored: 12, signed: true },
    { samples: 3 },
    { samples: 3, photometric: 'YBR_FULL' },
    { photometric: 'PALETTE COLOR' },
    { rows: 2, columns: 2 },
    { rows: 3, columns: 300, bitsAllocated: 16 },
  ];

  it.each(LOSSLESS)('come back as they were from %s', async (syntax) => {
    for (const form of forms) {
      const frame = testFrame(form);
      const { data, photometric, ...rest } = await throughCodec(frame, syntax);
      expect([form, data.equals(frame.data), photometric]).toEqual([form, true, frame.photometric]);
      expect(rest).toMatchObject({ bitsAllocated: frame.bitsAllocated, signed: frame.signed });
    }
  });

  it('of a single row come back, but from JPEG 2000, whose encoder does not take them', async () => {
    const frame = testFrame({ rows: 1, columns: 1 });
    for (const syntax of LOSSLESS.filter((each) => each !== JPEG_2000)) {
      expect((await throughCodec(frame, syntax)).data).toEqual(frame.data);
    }
    expect(await outcome(() => throughCodec(frame, JPEG_2000))).toBe('unsupported');
  });

  it('of 32 bits come back from RLE, and are refused by codecs that have no more than 16', async () => {
    const frame = testFrame({ bitsAllocated: 32, bitsStored: 24 });
    expect((await throughCodec(frame, RLE)).data).toEqual(frame.data);
    for (const syntax of [JPEG_LS, JPEG_2000, HT])
      expect(await outcome(() => throughCodec(frame, syntax))).toBe('unsupported');
  });

  it('of 24 bits are refused where they have more than their value', async () => {
    expect((await throughCodec(testFrame({ bitsAllocated: 24 }), RLE)).data).toEqual(
      testFrame({ bitsAllocated: 24 }).data,
    );
    const fewer = testFrame({ bitsAllocated: 24, bitsStored: 20 });
    expect(await outcome(() => throughCodec(fewer, RLE))).toBe('unsupported');
  });

  it.each([
    [`${BASE}.50`, 40, 'YBR_FULL'],
    [`${BASE}.51`, 40, 'YBR_FULL'],
    [`${BASE}.81`, 2, 'RGB'],
    [`${BASE}.91`, 60, 'RGB'],
    [`${BASE}.203`, 10, 'RGB'],
  ])('come back nearly as they were from %s', async (syntax, most, colours) => {
    const grey = testFrame({ rows: 64, columns: 64 });
    expect(largestDifference((await throughCodec(grey, syntax)).data, grey.data)).toBeLessThanOrEqual(most);
    const { photometric, data } = await throughCodec(testFrame({ samples: 3 }), syntax);
    expect([photometric, data.length]).toEqual([colours, 24 * 37 * 3]);
  });

  it.each([
    [16, 16],
    [16, 12],
    [8, 8],
  ])('of %i bits with signs, %i of them stored, keep these from near-lossless JPEG-LS', async (bitsAllocated, bits) => {
    const frame = testFrame({ rows: 64, columns: 64, bitsAllocated, bitsStored: bits, signed: true });
    const data = Buffer.from(frame.data);
    const [width, half] = [bitsAllocated / 8, 2 ** (bits - 1)];
    const ends = [-half, -half + 1, half - 1, half - 2, -1, 0, 1];
    for (let index = 0; index < 64 * 64; index += 3) data.writeIntLE(ends[index % 7]!, index * width, width);
    const { data: back } = await throughCodec({ ...frame, data }, `${BASE}.81`);
    let most = 0;
    for (let at = 0; at < data.length; at += width) {
      most = Math.max(most, Math.abs(back.readIntLE(at, width) - data.readIntLE(at, width)));
    }
    expect(most).toBeLessThanOrEqual(4);
  });

  it('are smaller with less quality', async () => {
    const frame = testFrame({ rows: 128, columns: 128 });
    for (const syntax of [`${BASE}.50`, `${BASE}.91`]) {
      const [small, large] = [await encodeFrame(frame, syntax, 20), await encodeFrame(frame, syntax, 95)];
      expect(small.bytes.length).toBeLessThan(large.bytes.length);
    }
  });

  it('are baseline JPEG with any quality', async () => {
    for (const quality of [1, 50, 100]) {
      const { bytes } = await encodeFrame(testFrame({ samples: 3 }), `${BASE}.50`, quality);
      expect([bytes.includes(Buffer.from([0xff, 0xc0])), bytes.includes(Buffer.from([0xff, 0xc1]))]).toEqual([
        true,
        false,
      ]);
    }
  });

  it('are refused where compression would make another image of them', async () => {
    const refused: readonly (readonly [TestFrame, string])[] = [
      [{ bitsAllocated: 16, bitsStored: 12 }, '.50'],
      [{ signed: true }, '.50'],
      [{ photometric: 'PALETTE COLOR' }, '.81'],
      [{ samples: 3, photometric: 'HSV' }, '.50'],
    ];
    for (const [form, syntax] of refused) {
      expect(await outcome(() => throughCodec(testFrame(form), BASE + syntax))).toBe('unsupported');
    }
    expect(await outcome(() => throughCodec(testFrame(), `${BASE}.100`))).toBe('unsupported');
    expect(await outcome(() => decodeFrame(imageOf(testFrame()), '9.9.9', Buffer.alloc(4)))).toBe('unsupported');
  });
});

it.each(['YBR_RCT', 'YBR_ICT'])('%s is undone by the decoder of JPEG 2000, and by no other', async (photometric) => {
  const frame = testFrame({ samples: 3 });
  const decoded = async (syntax: string): Promise<string> => {
    const { bytes } = await encodeFrame(frame, syntax, 90);
    return (await decodeFrame(imageOf(frame, { photometric }), syntax, bytes)).photometric;
  };
  for (const syntax of [JPEG_2000, HT]) expect(await decoded(syntax)).toBe('RGB');
  for (const syntax of [RLE, JPEG_LS]) expect(await decoded(syntax)).toBe(photometric);
});

describe('frames that are not what the data set says', () => {
  const frame = testFrame({ rows: 32, columns: 48, bitsAllocated: 16, bitsStored: 12 });
  const lies: readonly (readonly [string, Partial<ImageDescription>])[] = [
    ['more rows', { rows: 65535 }],
    ['fewer rows', { rows: 31 }],
    ['rows for columns', { rows: 48, columns: 32 }],
    ['more columns', { columns: 65535 }],
    ['more samples', { samplesPerPixel: 3 }],
    ['fewer bits', { bitsAllocated: 8, bitsStored: 8, highBit: 7 }],
  ];

  it.each([RLE, JPEG_LOSSLESS, JPEG_LS, JPEG_2000, HT])('are refused in %s', async (syntax) => {
    const { bytes } = await encodeFrame(frame, syntax, 90);
    // nothing but their lengths tells of RLE frames that they have other dimensions
    for (const [what, lie] of syntax === RLE ? lies.filter(([each]) => each.startsWith('more')) : lies) {
      expect([what, await outcome(() => decodeFrame(imageOf(frame, lie), syntax, bytes))]).toEqual([
        what,
        'codestream',
      ]);
    }
    const others = [RLE, JPEG_LOSSLESS, JPEG_2000].filter(
      (other) => other !== syntax && !(syntax === JPEG_LS && other === JPEG_LOSSLESS),
    );
    for (const other of syntax === HT ? [RLE] : others) {
      expect(await outcome(() => decodeFrame(imageOf(frame), other, bytes))).toBe('codestream');
    }
  });

  it.each([RLE, JPEG_LOSSLESS, JPEG_LS, JPEG_2000, HT, `${BASE}.91`])(
    'are refused where they break off in %s',
    async (syntax) => {
      const { bytes } = await encodeFrame(frame, syntax, 90);
      const lengths = [
        0,
        1,
        2,
        10,
        30,
        63,
        64,
        100,
        Math.floor(bytes.length / 2),
        Math.floor(bytes.length * 0.9),
        bytes.length - 8,
      ];
      for (const length of lengths) {
        expect([length, await outcome(() => decodeFrame(imageOf(frame), syntax, bytes.subarray(0, length)))]).toEqual([
          length,
          'codestream',
        ]);
      }
    },
  );

  it.each([RLE, JPEG_LOSSLESS, `${BASE}.50`, JPEG_LS, JPEG_2000, HT])(
    'never do harm where bytes are wrong in %s',
    async (syntax) => {
      const source = testFrame({ rows: 32, columns: 48 });
      const { bytes, photometric } = await encodeFrame(source, syntax, 90);
      const secret = { ...source, data: Buffer.alloc(source.data.length, SECRET) };
      const before = await encodeFrame(secret, syntax, 90);
      for (let from = 0; from < bytes.length; from += Math.ceil(bytes.length / 10)) {
        await decodeFrame(imageOf(secret, { photometric }), syntax, before.bytes);
        const wrong = Buffer.from(bytes);
        for (let at = from; at < Math.min(from + 3, wrong.length); at++) wrong[at]! ^= 0xff;
        let decoded: Buffer | undefined;
        const code = await outcome(async () => {
          const frame = await decodeFrame(imageOf(source, { photometric }), syntax, wrong);
          decoded = frame.data;
          return frame;
        });
        expect(['decoded', 'codestream', 'unsupported']).toContain(code);
        expect(decoded?.includes(Buffer.alloc(48, SECRET)) ?? false).toBe(false);
      }
      const again = await decodeFrame(imageOf(source, { photometric }), syntax, bytes);
      expect(again.data).toHaveLength(source.data.length);
    },
  );
});

describe('RLE', () => {
  const image = imageOf(testFrame({ rows: 1, columns: 4 }));
  const header = (...offsets: number[]): Buffer => {
    const bytes = Buffer.alloc(64);
    [offsets.length, ...offsets].forEach((value, index) => bytes.writeUInt32LE(value >>> 0, index * 4));
    return bytes;
  };
  const decode = (segment: number[], head = header(64)): Promise<DecodedFrame> =>
    decodeFrame(image, RLE, Buffer.concat([head, Buffer.from(segment)]));

  it('has literals, runs and what means nothing', async () => {
    expect([...(await decode([0, 9, 128, 254, 7])).data]).toEqual([9, 7, 7, 7]);
    expect([...(await decode([3, 1, 2, 3, 4, 0])).data]).toEqual([1, 2, 3, 4]);
    expect([...(await decode([129, 5])).data]).toEqual([5, 5, 5, 5]);
  });

  it('is refused where segments lie', async () => {
    const heads = [
      header(),
      header(64, 66),
      header(63),
      header(70),
      header(0xffffffff),
      header(...Array<number>(15).fill(64)),
    ];
    for (const head of heads) expect(await outcome(() => decode([3, 1, 2, 3, 4], head))).toBe('codestream');
    const segments = [[], [3], [3, 1, 2, 3], [254], [253], [128, 128], [2, 1, 2, 3]];
    for (const segment of segments) expect(await outcome(() => decode(segment))).toBe('codestream');
  });
});

describe('the frames of encapsulated pixel data', () => {
  const start = Buffer.from([0xff, 0xd8, 0xff, 1]);
  const rest = Buffer.from([1, 2, 3, 4, 5, 6]);
  const table = (...offsets: number[]): Buffer => Buffer.from(Uint32Array.from(offsets).buffer);
  const extended = (...offsets: number[]): Buffer => Buffer.from(BigUint64Array.from(offsets.map(BigInt)).buffer);

  async function lengths(frames: number, fragments: Buffer[], extra?: Buffer): Promise<readonly (number[] | string)[]> {
    const image = { rows: 1, columns: 1, frames, fragments, transferSyntax: `${BASE}.50` };
    const file = buildImage({ ...image, extra: extra ? [[0x7fe00001, 'OV', extra]] : [] });
    const { location } = openImage(file);
    return Promise.all(
      Array.from({ length: frames }, (_, frame) =>
        location(frame).then(
          ({ ranges }) => ranges.map(({ n }) => n),
          (error: PixelDataError) => error.code,
        ),
      ),
    );
  }

  const empty = Buffer.alloc(0);
  const four = [start, rest, start, rest];

  it('are what an offset table says', async () => {
    expect(await lengths(2, [table(0, 26), ...four])).toEqual([
      [4, 6],
      [4, 6],
    ]);
    expect(await lengths(2, [table(0, 12), ...four])).toEqual([[4], [6, 4, 6]]);
    expect(await lengths(2, [empty, ...four], extended(0, 12))).toEqual([[4], [6, 4, 6]]);
  });

  it('are told without a table by their number and by how images begin', async () => {
    expect(await lengths(1, [empty, start, rest, rest])).toEqual([[4, 6, 6]]);
    expect(await lengths(2, [empty, start, rest])).toEqual([[4], [6]]);
    expect(await lengths(2, [empty, ...four])).toEqual([
      [4, 6],
      [4, 6],
    ]);
    expect(await lengths(2, [table(0, 13), start, rest])).toEqual([[4], [6]]);
    expect(await lengths(2, [table(0, 5, 9), ...four])).toEqual([
      [4, 6],
      [4, 6],
    ]);
  });

  it('are not there where tables lie, or nothing tells', async () => {
    const lost = ['location', 'location'];
    for (const lie of [table(0, 25), table(26, 0), table(0, 0xfffffffe), table(26, 26)]) {
      expect(await lengths(2, [lie, ...four])).toContain('location');
    }
    expect(await lengths(2, [empty, ...four], extended(0, Number.MAX_SAFE_INTEGER))).toContain('location');
    expect(await lengths(2, [empty, start, rest, rest, rest])).toEqual(lost);
    expect(await lengths(2, [empty, start])).toEqual(lost);
    expect(await lengths(2, [empty])).toEqual(lost);
    expect(await lengths(1, [])).toEqual(['location']);
  });

  it('are the whole stream of a video', async () => {
    const video = { rows: 1, columns: 1, frames: 30, fragments: [empty, rest, rest], transferSyntax: `${BASE}.102` };
    const { image, location } = openImage(buildImage(video));
    expect(image.numberOfFrames).toBe(1);
    expect((await location(0)).ranges).toHaveLength(2);
  });
});
