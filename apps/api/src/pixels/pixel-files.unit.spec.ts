import { frameDuration, frameValues } from '@annal/dicom';
import { buildImage } from '../../../../libs/dicom/src/testing/index.js';
import { PixelFiles } from './pixel-files.service.js';
import { storeImage } from './testing/stored-image.js';

const GROUPS = [1, 2].map((slope) => [
  [0x00209113, 'SQ', [[[0x00200032, 'DS', ['1', '2', '3']]]]],
  [
    0x00289145,
    'SQ',
    [
      [
        [0x00281052, 'DS', '0'],
        [0x00281053, 'DS', String(slope)],
      ],
    ],
  ],
]);
const IMAGE = buildImage({
  rows: 1,
  columns: 2,
  frames: 2,
  pixelBytes: Buffer.from([1, 2, 3, 4]),
  extra: [
    [0x00181063, 'DS', '40'],
    [0x52009230, 'SQ', GROUPS as never],
  ],
});

/** Opens files one after the other; what comes out is how many headers were read. */
async function headersRead(blobKeys: readonly string[], ImageCacheSize: number): Promise<number> {
  const { configuration, headers, files, file } = storeImage(IMAGE, { ImageCacheSize });
  let read = 0;
  const counted = { one: (key: number) => (read++, headers.one(key)) } as typeof headers;
  const opened = new PixelFiles(configuration, counted, files);
  for (const blobKey of blobKeys) await opened.open({ ...file, blobKey });
  return read;
}

describe('files that are opened for their pixels', () => {
  it('are remembered as far as they fit', async () => {
    expect(await headersRead(['a', 'b', 'a', 'b'], 1_000_000)).toBe(2);
    expect(await headersRead(['a', 'b', 'a', 'b'], 1)).toBe(4);
  });

  it('tell what shows their frames', async () => {
    const { configuration, headers, files, file } = storeImage(IMAGE);
    const { image, model, size } = await new PixelFiles(configuration, headers, files).open(file);
    expect([image.columns, image.numberOfFrames, frameDuration(model)]).toEqual([2, 2, 40]);
    expect([0, 1].map((frame) => frameValues(model, frame).rescale?.slope)).toEqual([1, 2]);
    // neither who is shown, nor where
    expect(JSON.stringify(model)).not.toMatch(/Doe|PN/);
    expect(size).toBeLessThan(10_000);
  });

  it('are not found where their instance is gone', async () => {
    const { configuration, headers, files, file } = storeImage(IMAGE);
    const opened = new PixelFiles(configuration, { ...headers, one: async () => undefined } as never, files);
    await expect(opened.open(file)).rejects.toMatchObject({ status: 404 });
  });
});
