import type { ShownFrame } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { FrameRenderer } from './frame-renderer.js';

/** A square of grey pixels that count up, beginning again after each 200. */
function square(side: number, photometric = 'MONOCHROME2'): ShownFrame {
  const data = Buffer.from(Uint8Array.from({ length: side * side }, (_, index) => index % 200));
  const bits = { bitsAllocated: 8, bitsStored: 8, highBit: 7, signed: false, kind: 'integer' } as const;
  return {
    frame: { rows: side, columns: side, samplesPerPixel: 1, photometric, ...bits, data },
    windows: [],
    fractions: 'cut',
  };
}

describe('frames', () => {
  const started: FrameRenderer[] = [];
  afterEach(() => Promise.all(started.splice(0).map((renderer) => renderer.onApplicationShutdown())));

  function start(seconds = 60): FrameRenderer {
    const configuration = { Annal: { Limits: { DecodeTimeout: seconds } } } as AnnalConfiguration;
    const renderer = new FrameRenderer(configuration);
    started.push(renderer);
    return renderer;
  }

  const uint16 = { make: 'picture', request: { kind: 'uint16' } } as const;

  it('are rendered alike on the spot and in threads', async () => {
    const renderer = start();
    for (const side of [10, 1000]) {
      const picture = await renderer.make(square(side), uint16);
      expect(picture.data).toBeInstanceOf(Uint16Array);
      expect([picture.width, picture.height, picture.data.length]).toEqual([side, side, side * side]);
      expect([...picture.data.subarray(195, 203)]).toEqual(side === 10 ? [] : [195, 196, 197, 198, 199, 0, 1, 2]);
      const numbers = await renderer.make(square(side), { make: 'numbers', rescaled: false });
      expect(Buffer.compare(numbers, square(side).frame.data)).toBe(0);
      const text = Buffer.from(await renderer.make(square(side), { make: 'matlab' })).toString();
      expect(text.startsWith('double([ 0 1 2 3 4 5 6 7 8 9 ')).toBe(true);
    }
  });

  it('that are no pictures are refused alike', async () => {
    const renderer = start();
    for (const side of [10, 1000]) {
      const task = renderer.make(square(side, 'PALETTE COLOR'), { make: 'picture', request: { kind: 'preview' } });
      await expect(task).rejects.toMatchObject({ name: 'PixelDataError', code: 'description' });
    }
  });

  it('are given up after a while', async () => {
    const task = start(0.001).make(square(4000), uint16);
    await expect(task).rejects.toMatchObject({ code: 'limit', message: '0.001 seconds to render a frame' });
  });
});
