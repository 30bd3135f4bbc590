import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { encodeFrame, findElement, type HeaderElement, type HeaderValue } from '@annal/dicom';
import {
  buildImage,
  type BuilderEntry,
  openImage,
  type OpenedImage,
  testFrame,
  type TestFrame,
  type TestImage,
  TransferSyntax,
} from '../../../../libs/dicom/src/testing/index.js';
import { PixelFiles } from './pixel-files.service.js';
import { storeImage, type StoredImage } from './testing/stored-image.js';
import { type NotTranscodable, TranscodeService } from './transcode.service.js';

const BASE = '1.2.840.10008.1.2.4';
const EXPLICIT = TransferSyntax.explicitLittleEndian;
const NATIVE = [TransferSyntax.implicitLittleEndian, TransferSyntax.explicitBigEndian, EXPLICIT];
const LOSSLESS = [TransferSyntax.rle, ...['57', '70', '80', '90', '201', '202'].map((last) => `${BASE}.${last}`)];

/** Elements of all kinds, which transcoding leaves alone. */
const OTHERS: readonly BuilderEntry[] = [
  [0x00080000, 'UL', 12345],
  [0x00080008, 'CS', 'ORIGINAL\\PRIMARY'],
  [
    0x00081140,
    'SQ',
    [
      [
        [0x00081150, 'UI', '1.2.3'],
        [0x00280106, 'US', 258],
        [0x00091001, 'UN', Buffer.from('abcd')],
      ],
      [],
    ],
  ],
  { tag: 0x00081115, vr: 'SQ', undefinedLength: true, items: [[[0x00081155, 'UI', '1.2.4']]] },
  [0x00090010, 'LO', 'ACME'],
  [0x00091002, 'UN', Buffer.from([1, 2, 3, 4])],
  [0x00189073, 'FD', [0.1, -2]],
  [0x00280009, 'AT', [0x00181063]],
  [0x00281050, 'DS', '1.50'],
  [0x00281201, 'OW', Buffer.from(Uint16Array.from({ length: 40_000 }, (_, index) => index).buffer)],
];
const BEHIND: readonly BuilderEntry[] = [[0xfffcfffc, 'OB', Buffer.alloc(10, 7)]];

/** An image of some frames as a file. */
function imageOf(form: TestFrame, frames = 2, changes: Partial<TestImage> = {}): Buffer {
  const frame = testFrame(form);
  const { rows, columns, samplesPerPixel: samples, photometric, bitsAllocated, bitsStored, signed } = frame;
  const pixelBytes = Buffer.concat(Array.from({ length: frames }, (_, index) => rolled(frame.data, index)));
  const image = { rows, columns, samples, photometric, bitsAllocated, bitsStored, signed, frames, pixelBytes };
  return buildImage({ ...image, extra: OTHERS, trailing: BEHIND, ...changes });
}

/** An overlay in the bits of the pixels. */
const overlayAt = (position: number, group = 0x6000): readonly BuilderEntry[] => [
  [group * 0x10000 + 0x0010, 'US', 24],
  [group * 0x10000 + 0x0011, 'US', 37],
  [group * 0x10000 + 0x0100, 'US', 16],
  [group * 0x10000 + 0x0102, 'US', position],
];

/** An image of which 12 of 16 bits are the value, with something in the others. */
function imageWith(overlay: readonly BuilderEntry[], changes: Partial<TestImage> = {}): Buffer {
  return imageOf({ bitsAllocated: 16 }, 2, { bitsStored: 12, extra: [...OTHERS, ...overlay], ...changes });
}

/** The pixel data of an uncompressed file. */
function pixelsOf(file: Buffer): Buffer {
  const { o, n } = openImage(file).image.pixelData!;
  return file.subarray(o, o + n);
}

/** Other data for each frame. */
function rolled(data: Buffer, by: number): Buffer {
  return Buffer.concat([data.subarray(by * 4), data.subarray(0, by * 4)]);
}

/** Lets a service use the threads of another one: each would start its own. */
async function withThreadsOf(other: TranscodeService, service: TranscodeService): Promise<void> {
  await service.onApplicationShutdown();
  Object.assign(service, { transcoder: Reflect.get(other, 'transcoder') as unknown });
}

describe('transcoding', () => {
  const started: TranscodeService[] = [];
  afterAll(() => Promise.all(started.map((service) => service.onApplicationShutdown())));
  let last: StoredImage;

  async function serviceFor(file: Buffer, limits: object = {}): Promise<TranscodeService> {
    last = storeImage(file, limits);
    const { configuration, dictionary, blobs, dataSets, files } = last;
    const service = new TranscodeService(configuration, dictionary, blobs, dataSets, files);
    const usual = Object.keys(limits).length === 0 ? started[0] : undefined;
    if (usual) await withThreadsOf(usual, service);
    else started.push(service);
    return service;
  }

  async function transcode(file: Buffer, syntax: string, quality?: number, limits: object = {}): Promise<Buffer> {
    const service = await serviceFor(file, limits);
    const { stream, size } = await service.transcode(last.file, syntax, quality);
    const bytes = await buffer(stream);
    expect(bytes).toHaveLength(size);
    return bytes;
  }

  async function framesOf(file: Buffer): Promise<readonly Buffer[]> {
    const { image, frame } = openImage(file);
    return Promise.all(Array.from({ length: image.numberOfFrames }, async (_, n) => (await frame(n)).data));
  }

  const valueOf = ({ model }: OpenedImage, tag: number): HeaderValue | undefined =>
    findElement(model.dataset, tag)?.[2];

  /** All but what describes pixels, and the places of values in the file. */
  function others({ model }: OpenedImage): readonly (HeaderElement | number)[] {
    return model.dataset
      .filter(([tag]) => tag >>> 16 !== 0x7fe0 && ![0x00280004, 0x00280006].includes(tag) && (tag & 0xffff) !== 0)
      .map((element) =>
        element[2] !== null && typeof element[2] === 'object' && 'o' in element[2] ? element[0] : element,
      );
  }

  it.each(NATIVE)('to uncompressed %s and back gives the same data set and pixels', async (syntax) => {
    for (const form of [{ bitsAllocated: 16, bitsStored: 12 }, { samples: 3 }] as const) {
      const file = imageOf(form);
      const there = await transcode(file, syntax);
      const back = syntax === EXPLICIT ? there : await transcode(there, EXPLICIT);
      expect(openImage(there).model.syntax).toBe(syntax);
      expect(await framesOf(there)).toEqual(await framesOf(file));
      expect(await framesOf(back)).toEqual(await framesOf(file));
      expect(others(openImage(back))).toEqual(others(openImage(file)));
      expect(valueOf(openImage(back), 0xfffcfffc)).toEqual({ b: Buffer.alloc(10, 7).toString('base64') });
    }
  });

  it('to where a file is gives its bytes', async () => {
    const file = imageOf({});
    expect(await transcode(file, EXPLICIT)).toEqual(file);
  });

  it.each(LOSSLESS)('to %s and back loses nothing', async (syntax) => {
    const forms: readonly TestFrame[] = [{}, { bitsAllocated: 16, bitsStored: 12, signed: true }, { samples: 3 }];
    for (const form of forms) {
      const file = imageOf(form);
      const there = await transcode(file, syntax);
      expect(openImage(there).model.syntax).toBe(syntax);
      const back = await transcode(there, EXPLICIT);
      expect(await framesOf(there)).toEqual(await framesOf(file));
      expect(await framesOf(back)).toEqual(await framesOf(file));
      expect(others(openImage(back))).toEqual(others(openImage(file)));
    }
  });

  it.each([...NATIVE, TransferSyntax.deflatedLittleEndian, TransferSyntax.rle])(
    'to %s and back keeps the bits of samples beside their value, where overlays may be',
    async (syntax) => {
      for (const [highBit, signed] of [
        [11, false],
        [11, true],
        [13, true],
        [15, false],
      ] as const) {
        const file = imageWith(overlayAt(highBit === 15 ? 0 : 15), { highBit, signed });
        const there = await transcode(file, syntax);
        const back = syntax === EXPLICIT ? there : await transcode(there, EXPLICIT);
        expect(pixelsOf(back).equals(pixelsOf(file))).toBe(true);
        expect(others(openImage(back))).toEqual(others(openImage(file)));
      }
    },
  );

  it('of compressed samples keeps the bits beside their value as far as they were compressed', async () => {
    const frame = testFrame({ bitsAllocated: 16 });
    const { rows, columns, bitsAllocated } = frame;
    for (const transferSyntax of [`${BASE}.70`, `${BASE}.80`, `${BASE}.90`]) {
      const { bytes } = await encodeFrame(frame, transferSyntax, 90);
      const fragments = [Buffer.alloc(0), bytes];
      const image = { rows, columns, bitsAllocated, bitsStored: 12, transferSyntax, fragments, extra: overlayAt(12) };
      const there = await transcode(buildImage(image), TransferSyntax.rle);
      for (const file of [buildImage(image), there]) {
        const native = await transcode(file, EXPLICIT);
        expect([transferSyntax, pixelsOf(native).equals(frame.data)]).toEqual([transferSyntax, true]);
      }
    }
  });

  it.each([...LOSSLESS, `${BASE}.81`, `${BASE}.91`, `${BASE}.203`])(
    'to %s is refused where an overlay in the pixels would be lost',
    async (syntax) => {
      const status = (file: Buffer): Promise<number> =>
        transcode(file, syntax).then(
          () => 200,
          (error: { status: number }) => error.status,
        );
      const expected = syntax === TransferSyntax.rle ? 200 : 404;
      expect(await status(imageWith(overlayAt(12)))).toBe(expected);
      expect(await status(imageWith(overlayAt(15, 0x601e)))).toBe(expected);
      expect(await status(imageWith(overlayAt(3), { highBit: 15 }))).toBe(expected);
      expect(await status(imageWith(overlayAt(12), { transferSyntax: NATIVE[0] }))).toBe(expected);
      // with data of its own, in the value, in a private group
      const apart: BuilderEntry = [0x60003000, 'OW', Buffer.alloc(112, 3)];
      expect(await status(imageWith([...overlayAt(12), apart]))).toBe(200);
      expect(await status(imageWith(overlayAt(0)))).toBe(200);
      expect(await status(imageWith(overlayAt(12, 0x6001)))).toBe(200);
    },
  );

  it('of a frame is refused where an overlay in the pixels would be lost', async () => {
    const service = await serviceFor(imageWith(overlayAt(12)));
    const { configuration, headers, files, file } = last;
    const pixels = await new PixelFiles(configuration, headers, files).open(file);
    await expect(service.frame(pixels, 1, `${BASE}.80`)).rejects.toMatchObject({ status: 404 });
    const { bytes, firstBit } = await pixels.frameBytes(1, 10_000);
    const rle = await service.frame(pixels, 1, TransferSyntax.rle);
    expect([firstBit, bytes.length, rle.readUInt32LE(0)]).toEqual([0, 24 * 37 * 2, 2]);
  });

  it('copies what it does not concern as it is written', async () => {
    const file = imageOf({ bitsAllocated: 16 });
    const there = await transcode(file, `${BASE}.70`);
    const part = (bytes: Buffer): Buffer => {
      const from = bytes.indexOf(Buffer.from([0x08, 0x00, 0x08, 0x00, 0x43, 0x53]));
      return bytes.subarray(from, bytes.indexOf(Buffer.from([0x28, 0x00, 0x02, 0x00]), from));
    };
    expect(part(file).length).toBeGreaterThan(200);
    expect(part(there)).toEqual(part(file));
    expect(there.subarray(-22)).toEqual(file.subarray(-22));
  });

  it('says what the new pixels are', async () => {
    const rgb = imageOf({ samples: 3 });
    const described = async (syntax: string): Promise<unknown[]> => {
      const opened = openImage(await transcode(rgb, syntax));
      return [valueOf(opened, 0x00280004), valueOf(opened, 0x00280006)];
    };
    expect(await described(TransferSyntax.rle)).toEqual(['RGB', [1]]);
    expect(await described(`${BASE}.70`)).toEqual(['RGB', [0]]);
    expect(await described(`${BASE}.80`)).toEqual(['RGB', [0]]);
    expect(await described(`${BASE}.90`)).toEqual(['YBR_RCT', [0]]);
    expect(await described(`${BASE}.91`)).toEqual(['YBR_ICT', [0]]);
    expect(await described(`${BASE}.50`)).toEqual(['YBR_FULL_422', [0]]);
    const jpeg = await transcode(rgb, `${BASE}.50`);
    expect(valueOf(openImage(await transcode(jpeg, EXPLICIT)), 0x00280004)).toBe('RGB');
  });

  it('says 8 bits of lossy JPEG, however many were kept for fewer', async () => {
    const few: readonly TestFrame[] = [
      { bitsAllocated: 16, bitsStored: 8 },
      { bitsStored: 6 },
      { bitsAllocated: 16, bitsStored: 6 },
    ];
    for (const form of few) {
      for (const syntax of [`${BASE}.50`, `${BASE}.51`]) {
        const there = await transcode(imageOf(form, 1), syntax);
        const { image, frame } = openImage(there);
        expect([form, image]).toEqual([form, expect.objectContaining({ bitsAllocated: 8, bitsStored: 8, highBit: 7 })]);
        const { data } = testFrame(form);
        const before = form.bitsAllocated === 16 ? data.filter((_, index) => index % 2 === 0) : data;
        const off = (await frame(0)).data.map((value, index) => Math.abs(value - before[index]!));
        expect([form, Math.max(...off) < 32]).toEqual([form, true]);
      }
    }
  });

  it('says what was lost, under a new identifier', async () => {
    const file = imageOf({ samples: 3 }, 2, { sopUid: '1.2.3.4.5' });
    const lossy = openImage(await transcode(file, `${BASE}.50`, 80));
    const uid = valueOf(lossy, 0x00080018);
    expect(uid).toMatch(/^2\.25\.\d+$/);
    expect(findElement(lossy.model.meta, 0x00020003)?.[2]).toBe(uid);
    expect(valueOf(lossy, 0x00080008)).toBe('DERIVED\\PRIMARY');
    expect(valueOf(lossy, 0x00082111)).toMatch(
      /^Lossy compression with JPEG baseline, quality 80, compression ratio \d/,
    );
    expect(JSON.stringify(valueOf(lossy, 0x00082112))).toContain('1.2.3.4.5');
    expect(JSON.stringify(valueOf(lossy, 0x00089215))).toContain('113040');
    expect([valueOf(lossy, 0x00282110), valueOf(lossy, 0x00282114)]).toEqual(['01', 'ISO_10918_1']);
    expect(Number(valueOf(lossy, 0x00282112))).toBeGreaterThan(1);
    const again = openImage(await transcode(await transcode(file, `${BASE}.50`), `${BASE}.81`));
    expect(valueOf(again, 0x00282114)).toBe('ISO_10918_1\\ISO_14495_1');
    expect(valueOf(again, 0x00282112)).toMatch(/^[\d.]+\\[\d.]+$/);
  });

  it('reads deflated files and writes them', async () => {
    const file = imageOf({ bitsAllocated: 16 });
    const deflated = await transcode(file, TransferSyntax.deflatedLittleEndian);
    expect(deflated.length).toBeLessThan(file.length);
    const there = await transcode(deflated, `${BASE}.80`);
    expect(await framesOf(there)).toEqual(await framesOf(file));
    expect(others(openImage(await transcode(deflated, EXPLICIT)))).toEqual(others(openImage(file)));
  });

  it('inflates a deflated file once for all of its frames', async () => {
    const opened = async (frames: number): Promise<number> => {
      const transferSyntax = TransferSyntax.deflatedLittleEndian;
      // frames of odd lengths begin in the midst of a word
      const file = imageOf({ rows: 99, columns: 333 }, frames, { transferSyntax });
      const there = await transcode(file, TransferSyntax.rle);
      expect(await framesOf(there)).toEqual(await framesOf(imageOf({ rows: 99, columns: 333 }, frames)));
      return last.reads.length;
    };
    expect(await opened(20)).toBe(await opened(2));
  });

  it('moves what no codec takes from one uncompressed form to another', async () => {
    const bits = { rows: 3, columns: 3, bitsAllocated: 1, frames: 3, pixelBytes: Buffer.from([1, 2, 3, 4]) };
    const doubles: TestImage = { rows: 1, columns: 2, bitsAllocated: 64, trailing: [[0x7fe00009, 'OD', [0.5, -2]]] };
    for (const image of [bits, doubles]) {
      const file = buildImage(image);
      const there = await transcode(file, TransferSyntax.explicitBigEndian);
      expect(await framesOf(there)).toEqual(await framesOf(file));
      await expect(transcode(file, `${BASE}.90`)).rejects.toMatchObject({ status: 404 });
    }
  });

  it('writes what has no pixels', async () => {
    const there = await transcode(buildImage({ rows: 1, columns: 1, extra: OTHERS }), `${BASE}.70`);
    expect(openImage(there).model.syntax).toBe(`${BASE}.70`);
    expect(valueOf(openImage(there), 0x00281050)).toBe('1.50');
  });

  it('keeps large results in the blob store until they are sent', async () => {
    const [rows, columns] = [1500, 2000];
    const file = buildImage({
      rows,
      columns,
      bitsAllocated: 16,
      frames: 2,
      pixelBytes: randomBytes(rows * columns * 4),
    });
    const there = await transcode(file, TransferSyntax.rle);
    expect(there.length).toBeGreaterThan(8 * 1024 * 1024);
    expect((await framesOf(there))[1]!.equals((await framesOf(file))[1]!)).toBe(true);
    expect([...last.stored.keys()]).toEqual(['a-blob']);
  });

  it('refuses what is no transfer syntax, and what cannot be done, before anything is sent', async () => {
    const grey = imageOf({ bitsAllocated: 16, bitsStored: 12 });
    await expect(transcode(grey, 'nope')).rejects.toMatchObject({
      status: 400,
      details: 'Unknown transfer syntax: nope',
    });
    for (const syntax of [`${BASE}.50`, `${BASE}.100`, `${BASE}.66`]) {
      await expect(transcode(grey, syntax)).rejects.toMatchObject({ status: 404 });
    }
    const fragments = [Buffer.alloc(0), Buffer.from('no image')];
    const broken = buildImage({ rows: 1, columns: 1, fragments, transferSyntax: `${BASE}.70` });
    await expect(transcode(broken, EXPLICIT)).rejects.toMatchObject({ status: 404 });
    const short = imageOf({}, 2, { frames: 3 });
    await expect(transcode(short, TransferSyntax.rle)).rejects.toMatchObject({ status: 404 });
  });

  it('refuses frames beyond the limit', async () => {
    const task = transcode(imageOf({}), TransferSyntax.rle, 90, { MaxFrameSize: 100 });
    await expect(task).rejects.toMatchObject({ status: 413 });
  });

  it('refuses a file whose frames together are beyond the limit', async () => {
    const { length } = testFrame().data;
    const limits = { MaxTranscodedSize: 3 * length };
    await expect(transcode(imageOf({}, 4), TransferSyntax.rle, 90, limits)).rejects.toMatchObject({
      status: 413,
      details: `Frames of more than ${3 * length} bytes together`,
    });
    expect(openImage(await transcode(imageOf({}, 3), TransferSyntax.rle, 90, limits)).image.numberOfFrames).toBe(3);
    // no frame is decoded
    expect(await framesOf(await transcode(imageOf({}, 4), NATIVE[0]!, 90, limits))).toHaveLength(4);
  });

  it('decodes no frame of a file whose frames have no room in an element together', async () => {
    const fragments = [Buffer.alloc(0), ...Array.from({ length: 16 }, () => Buffer.from('no frame'))];
    const sides = { rows: 16_384, columns: 16_384, frames: 16 };
    const file = buildImage({ ...sides, fragments, transferSyntax: TransferSyntax.rle });
    for (const syntax of NATIVE) {
      const reason = 'Frames of more than 4294967294 bytes together';
      await expect(transcode(file, syntax)).rejects.toMatchObject({ status: 404, reason });
    }
    // each is a fragment of its own: it is the first one that is no frame
    const error = await transcode(file, `${BASE}.70`).catch((thrown: unknown) => thrown);
    expect((error as NotTranscodable).reason).not.toContain('together');
  });

  it('goes no further than the frame that it is at once nobody waits for the file', async () => {
    const file = imageOf({}, 3);
    const { location } = openImage(file);
    const starts = await Promise.all([0, 1, 2].map(async (frame) => (await location(frame)).ranges[0]!.o));
    const service = await serviceFor(file);
    const gone = new AbortController();
    const { files } = last;
    const read = files.read.bind(files);
    const framesRead: number[] = [];
    files.read = async (of, start, end) => {
      if (starts.includes(start)) {
        framesRead.push(starts.indexOf(start));
        gone.abort(new Error('hung up'));
      }
      return read(of, start, end);
    };
    await expect(service.transcode(last.file, TransferSyntax.rle, 90, gone.signal)).rejects.toThrow('hung up');
    expect(framesRead).toEqual([0]);
    await expect(service.transcode(last.file, TransferSyntax.rle, 90, gone.signal)).rejects.toThrow('hung up');
    expect(framesRead).toEqual([0]);
    expect([...last.stored.keys()]).toEqual(['a-blob']);
  });
});
