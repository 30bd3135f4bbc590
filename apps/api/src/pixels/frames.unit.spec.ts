import { randomFillSync } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import {
  buildImage,
  type BuilderEntry,
  type TestImage,
  TransferSyntax,
} from '../../../../libs/dicom/src/testing/index.js';
import { FramesService } from './frames.service.js';
import { PixelFiles } from './pixel-files.service.js';
import { storeImage, type StoredImage } from './testing/stored-image.js';

const words = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const GREY = { rows: 1, columns: 2, bitsAllocated: 16, frames: 2, pixelBytes: words(1, 2, 3, 4) };

describe('the frames of instances', () => {
  const started: FramesService[] = [];
  afterEach(() => Promise.all(started.splice(0).map((frames) => frames.onApplicationShutdown())));

  function serve(image: TestImage | Buffer, limits: object = {}): { frames: FramesService; stored: StoredImage } {
    const stored = storeImage(Buffer.isBuffer(image) ? image : buildImage(image), limits);
    const { configuration, headers, files } = stored;
    const frames = new FramesService(configuration, files, new PixelFiles(configuration, headers, files));
    started.push(frames);
    return { frames, stored };
  }

  async function raw(image: TestImage, frame: number): Promise<[bytes: number[], size: number, mediaType: string]> {
    const { bytes, size, mediaType } = await serve(image).frames.rawFrame('an-instance', frame);
    return [[...(bytes as Buffer)], size, mediaType];
  }

  const octets = 'application/octet-stream';

  it('are decoded in threads', async () => {
    const { frames } = serve(GREY);
    const { frame, image } = await frames.frame('an-instance', 1);
    expect([...frame.data]).toEqual([3, 0, 4, 0]);
    expect(image.numberOfFrames).toBe(2);
  });

  it.each([
    TransferSyntax.explicitLittleEndian,
    TransferSyntax.implicitLittleEndian,
    TransferSyntax.deflatedLittleEndian,
  ])('are given as they are stored in %s', async (transferSyntax) => {
    expect(await raw({ ...GREY, transferSyntax }, 1)).toEqual([[3, 0, 4, 0], 4, octets]);
  });

  it('are given in little endian order', async () => {
    const transferSyntax = TransferSyntax.explicitBigEndian;
    expect(await raw({ ...GREY, transferSyntax, pixelBytes: words(1, 2, 3, 4).swap16() }, 1)).toEqual([
      [3, 0, 4, 0],
      4,
      octets,
    ]);
    const bytes = { rows: 1, columns: 3, frames: 2, transferSyntax, pixelBytes: Buffer.from([2, 1, 4, 3, 6, 5]) };
    expect(await raw(bytes, 0)).toEqual([[1, 2, 3], 3, octets]);
    expect(await raw(bytes, 1)).toEqual([[4, 5, 6], 3, octets]);
  });

  it('are refused beyond the limits before they are read', async () => {
    const { frames, stored } = serve(GREY, { MaxFrameSize: 3 });
    await expect(frames.frame('an-instance', 0)).rejects.toMatchObject({ status: 413, reason: 'limit' });
    expect(stored.reads).toEqual([]);
    const fragments = [Buffer.alloc(0), Buffer.alloc(5000)];
    const encoded = buildImage({ rows: 1, columns: 1, fragments, transferSyntax: TransferSyntax.rle });
    await expect(serve(encoded, { MaxFrameSize: 4000 }).frames.frame('an-instance', 0)).rejects.toMatchObject({
      status: 413,
    });
  });

  it('are given up after a while, and others decoded after that', async () => {
    const large = {
      rows: 4000,
      columns: 4000,
      bitsAllocated: 16,
      bitsStored: 12,
      pixelBytes: Buffer.alloc(32_000_000),
    };
    const { frames } = serve(large, { DecodeTimeout: 0.02 });
    await expect(frames.frame('an-instance', 0)).rejects.toMatchObject({
      status: 413,
      details: '0.02 seconds for a frame',
    });
    expect((await serve(GREY).frames.frame('an-instance', 0)).frame.data).toHaveLength(4);
  });

  it('are given up where what stands before them in a deflated file takes too long to inflate', async () => {
    const frames = 32 * 1024 * 1024;
    const pixelBytes = Buffer.alloc(2 * frames);
    // not more often than a data set may become larger by inflating
    randomFillSync(pixelBytes, 0, pixelBytes.length / 64);
    pixelBytes.fill(7, pixelBytes.length - 2);
    const image = { rows: 1, columns: 2, frames, pixelBytes, transferSyntax: TransferSyntax.deflatedLittleEndian };
    const file = buildImage(image);
    await expect(serve(file, { DecodeTimeout: 0.001 }).frames.frame('an-instance', frames - 1)).rejects.toMatchObject({
      status: 413,
      details: '0.001 seconds for a frame',
    });
    expect([...(await serve(file).frames.frame('an-instance', frames - 1)).frame.data]).toEqual([7, 7]);
  });

  it('come with their palette, which is no longer than it says', async () => {
    const table = Buffer.from(Array.from({ length: 2048 }, (_, index) => index & 0xff));
    const palette = (entries: number, bits = 16): BuilderEntry[] => [
      ...[0x00281101, 0x00281102, 0x00281103].map((tag): BuilderEntry => [tag, 'US', [entries, 0, bits]]),
      ...[0x00281201, 0x00281202, 0x00281203].map((tag): BuilderEntry => [tag, 'OW', table]),
    ];
    const image = (extra: BuilderEntry[]): Buffer =>
      buildImage({ rows: 1, columns: 2, photometric: 'PALETTE COLOR', extra, pixelBytes: Buffer.from([0, 255]) });
    const found = await serve(image(palette(256))).frames.frame('an-instance', 0);
    expect([...found.palette!.red.values].slice(0, 3)).toEqual([0x0100, 0x0302, 0x0504]);
    expect(found.palette!.blue.values).toHaveLength(256);
    for (const lie of [palette(0), palette(60_000), palette(4000, 8)]) {
      await expect(serve(image(lie)).frames.frame('an-instance', 0)).rejects.toMatchObject({ reason: 'description' });
    }
    const none = await serve(image([[0x00281101, 'US', [256, 0, 99]]])).frames.frame('an-instance', 0);
    expect(none.palette).toBeUndefined();
  });

  it('are found among very many without reading the others', async () => {
    const frames = 3000;
    const fragment = Buffer.alloc(1000, 5);
    const offsets = Uint32Array.from({ length: frames }, (_, index) => index * 1008);
    const fragments = [Buffer.from(offsets.buffer), ...Array<Buffer>(frames).fill(fragment)];
    const { frames: service, stored } = serve(
      buildImage({ rows: 1, columns: 1, frames, fragments, transferSyntax: TransferSyntax.jpegBaseline }),
    );
    const { bytes, size, mediaType } = await service.rawFrame('an-instance', 2500);
    expect([size, mediaType, fragment.equals(bytes as Buffer)]).toEqual([1000, 'image/jpeg', true]);
    expect(stored.reads.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(100_000);
  });

  it.each([TransferSyntax.jpegBaseline, TransferSyntax.explicitLittleEndian])(
    'are told by their number before pixel data is missed, as by Orthanc: %s',
    async (transferSyntax) => {
      const { frames } = serve(buildImage({ rows: 1, columns: 1, transferSyntax }));
      await expect(frames.rawFrame('an-instance', 0)).rejects.toMatchObject({ reason: 'no-pixel-data' });
      await expect(frames.rawFrame('an-instance', 1)).rejects.toMatchObject({ reason: 'no-such-frame' });
    },
  );

  it('of very many fragments take few reads', async () => {
    const parts = Array.from({ length: 50_000 }, (_, index) => Buffer.from([index & 0xff, index >>> 8]));
    const image = { rows: 1, columns: 1, frames: 1, transferSyntax: TransferSyntax.jpegBaseline };
    for (const [fragments, larger] of [
      [parts, false],
      [[...parts, ...Array.from({ length: 5 }, () => Buffer.alloc(1_000_000, 7))], true],
    ] as const) {
      const { frames, stored } = serve(buildImage({ ...image, fragments: [Buffer.alloc(0), ...fragments] }));
      const { bytes, size } = await frames.rawFrame('an-instance', 0);
      const read = Buffer.isBuffer(bytes) ? bytes : await buffer(bytes);
      expect([Buffer.isBuffer(bytes), size, read.equals(Buffer.concat(fragments))]).toEqual([
        !larger,
        read.length,
        true,
      ]);
      expect(stored.reads.length).toBeLessThan(100);
    }
  });

  it.each([1, 2])('are found again after a read of their file failed: the one with number %d', async (failing) => {
    const fragments = [Buffer.alloc(0), Buffer.from([1, 2]), Buffer.from([3, 4])];
    const image = { rows: 1, columns: 1, frames: 2, fragments, transferSyntax: TransferSyntax.jpegBaseline };
    const { frames, stored } = serve(buildImage(image));
    const read = stored.blobs.read.bind(stored.blobs);
    let reads = 0;
    stored.blobs.read = (...range) => (++reads === failing ? Promise.reject(new Error('no storage')) : read(...range));
    await expect(frames.rawFrame('an-instance', 1)).rejects.toThrow('no storage');
    expect((await frames.rawFrame('an-instance', 1)).bytes).toEqual(fragments[2]);
  });
});
