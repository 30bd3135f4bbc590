import { buildImage, type TestImage, TransferSyntax } from '../../../../libs/dicom/src/testing/index.js';
import { buffer } from 'node:stream/consumers';
import { FramesService } from './frames.service.js';
import { storeImage, type StoredImage } from './testing/stored-image.js';

const words = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const GREY = { rows: 1, columns: 2, bitsAllocated: 16, frames: 2, pixelBytes: words(1, 2, 3, 4) };

describe('the frames of instances', () => {
  const started: FramesService[] = [];
  afterEach(() => Promise.all(started.splice(0).map((frames) => frames.onApplicationShutdown())));

  function serve(image: TestImage | Buffer, limits: object = {}): { frames: FramesService; stored: StoredImage } {
    const stored = storeImage(Buffer.isBuffer(image) ? image : buildImage(image), limits);
    const frames = new FramesService(stored.configuration, stored.headers, stored.files);
    started.push(frames);
    return { frames, stored };
  }

  async function raw(image: TestImage, frame: number): Promise<[bytes: number[], size: number, mediaType: string]> {
    const { stream, size, mediaType } = await serve(image).frames.rawFrame('an-instance', frame);
    return [[...(await buffer(stream))], size, mediaType];
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
});
