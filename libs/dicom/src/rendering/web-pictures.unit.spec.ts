import { testFrame } from '../testing/test-frames.js';
import { makePicture, pictureSize } from './make-picture.js';
import { type ShownFrame } from './shown-frame.js';
import { type Viewport } from './viewport.js';
import { type WebRendering } from './web-picture.js';
import { type WindowFunction } from './window-function.js';

/** A frame with these values of 16 bits. */
function shown(columns: number, values: readonly number[], more: Partial<ShownFrame> = {}): ShownFrame {
  const frame = testFrame({ columns, rows: values.length / columns, bitsAllocated: 16, signed: true });
  return {
    frame: { ...frame, data: Buffer.from(Int16Array.from(values).buffer) },
    windows: [],
    fractions: 'cut',
    ...more,
  };
}

function pixels(frame: ShownFrame, request: WebRendering): number[] {
  return [...makePicture(frame, { kind: 'web', ...request }).data];
}

const counting = (length: number): number[] => Array.from({ length }, (_, index) => index);
const inverted = (frame: ShownFrame): ShownFrame => ({
  ...frame,
  frame: { ...frame.frame, photometric: 'MONOCHROME1' },
});

// unless it is said, the numbers were asked of the DICOMweb plugin 1.20 of Orthanc 1.12.7
describe('a window of DICOMweb', () => {
  const through = (values: number[], center: number, width: number, kind: WindowFunction): number[] =>
    pixels(shown(values.length, values), { window: { center, width, function: kind } });

  it('is linear as PS3.3 C.11.2.1.2.1 says, from the middle of a value on', () => {
    expect(through([103, 104, 105, 128, 152, 153], 128, 50, 'linear')).toEqual([0, 5, 10, 130, 255, 255]);
    expect(through([127, 128], 128, 1, 'linear')).toEqual([0, 255]);
    expect(through([127, 128, 129], 128.5, 2, 'linear')).toEqual([0, 128, 255]);
  });

  it('may be too narrow, or turned round', () => {
    expect(through([128, 129], 128, 0, 'linear')).toEqual([0, 255]);
    expect(through([153, 154], 128, -50, 'linear')).toEqual([0, 255]);
    expect(through([128, 129], 128, 0, 'sigmoid')).toEqual([0, 255]);
  });

  // the plugin leaves out the half of PS3.3 C.11.2.1.3.2: these are the standard's
  it('is exactly linear', () => {
    expect(through([103, 104, 128, 152, 153, 154], 128, 50, 'linear-exact')).toEqual([0, 5, 128, 250, 255, 255]);
  });

  it('is a sigmoid', () => {
    expect(through([96, 112, 128, 144, 159], 128, 50, 'sigmoid')).toEqual([18, 55, 128, 200, 235]);
  });

  it('is reckoned with rescaled values, and before black and white are exchanged', () => {
    const frame = shown(2, [530, 531], { rescale: { slope: 2, intercept: -1000 } });
    const window = { center: 60, width: 9, function: 'linear' as const };
    expect(pixels(frame, { window })).toEqual([143, 207]);
    expect(pixels(inverted(frame), { window })).toEqual([112, 48]);
  });

  it('makes the same of few and of many pixels', () => {
    const values = Array.from({ length: 70_000 }, (_, index) => (index % 3000) - 1000);
    const window = { center: 200.5, width: 777, function: 'linear' as const };
    const many = pixels(shown(700, values), { window });
    expect(many.slice(0, 3000)).toEqual(pixels(shown(3000, values.slice(0, 3000)), { window }));
  });

  it('is in the request alone: without one all values are in sight', () => {
    const values = [-20, 0, 10, 30];
    const windows = [{ center: 0, width: 1 }];
    expect(pixels(shown(4, values, { windows }), {})).toEqual([0, 102, 153, 255]);
    expect(pixels(shown(4, values, { rescale: { slope: -3.7, intercept: 100.7 } }), {})).toEqual([0, 102, 153, 255]);
    expect(pixels(shown(4, values, { rescale: { slope: 0, intercept: 5 } }), {})).toEqual([0, 0, 0, 0]);
    expect(pixels(inverted(shown(4, values)), {})).toEqual([255, 153, 102, 0]);
  });

  it('does not touch colours', () => {
    const frame = testFrame({ samples: 3 });
    const window = { center: 1, width: 1, function: 'linear' as const };
    const colours: ShownFrame = { frame, windows: [], fractions: 'cut' };
    expect(pixels(colours, { window })).toEqual([...frame.data]);
  });
});

describe('a viewport', () => {
  /** The rows of a picture of 13 x 9 counted pixels. */
  function rows(viewport: Viewport, frame = shown(13, counting(117))): number[][] {
    const picture = makePicture(frame, { kind: 'web', viewport });
    expect([picture.width, picture.height]).toEqual([viewport.width, viewport.height]);
    const { width, channels } = picture;
    return Array.from({ length: picture.height }, (_, row) => [
      ...picture.data.subarray(row * width * channels, (row + 1) * width * channels),
    ]);
  }

  it('shows the image as large as it fits, in its middle', () => {
    expect(rows({ width: 7, height: 5 })).toEqual([
      [0, 4, 9, 13, 18, 22, 26],
      [57, 62, 66, 70, 75, 79, 84],
      [114, 119, 123, 128, 132, 136, 141],
      [171, 176, 180, 185, 189, 193, 198],
      [229, 233, 237, 242, 246, 251, 255],
    ]);
    expect(rows({ width: 5, height: 7 })).toEqual([
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [31, 35, 42, 48, 53],
      [117, 121, 128, 134, 138],
      [202, 207, 213, 220, 224],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(rows({ width: 1, height: 1 })).toEqual([[128]]);
  });

  it('is black beside the image, whatever stands for black', () => {
    const frame = inverted(shown(8, counting(32)));
    expect(rows({ width: 4, height: 4 }, frame)[0]).toEqual([0, 0, 0, 0]);
    expect(rows({ width: 4, height: 4 }, frame)[1]).toEqual([181, 165, 148, 132]);
  });

  it('shows a part of the image, its values stretched by themselves', () => {
    const part = rows({ width: 13, height: 9, left: 2.7, top: 3.2, regionWidth: 4.5, regionHeight: 3.9 });
    expect(part[0]).toEqual([0, 0, 0, 6, 6, 12, 12, 12, 18, 18, 24, 24, 0]);
    expect(part[8]).toEqual([0, 231, 231, 237, 237, 243, 243, 243, 249, 249, 255, 255, 0]);
    expect(rows({ width: 13, height: 9, left: 2 })[1]).toEqual([0, 29, 31, 34, 36, 38, 40, 43, 45, 47, 49, 51, 0]);
  });

  it('is mirrored where the part has a negative width or height', () => {
    expect(rows({ width: 13, height: 9, left: 2, top: 2, regionWidth: -4, regionHeight: 3 })[0]).toEqual([
      26, 26, 26, 18, 18, 18, 9, 9, 9, 0, 0, 0, 0,
    ]);
    const across = rows({ width: 13, height: 9, regionWidth: -13 });
    const down = rows({ width: 13, height: 9, regionHeight: -9 });
    const upright = rows({ width: 13, height: 9 });
    expect(across).toEqual(upright.map((row) => [...row].reverse()));
    expect(down).toEqual([...upright].reverse());
  });

  it('shows colours too', () => {
    const data = Buffer.from([1, 2, 3, 4, 5, 6]);
    const frame = { ...testFrame({ samples: 3, rows: 1, columns: 2 }), data };
    expect(rows({ width: 2, height: 1, regionWidth: -2 }, { frame, windows: [], fractions: 'cut' })).toEqual([
      [4, 5, 6, 1, 2, 3],
    ]);
  });

  it.each<[string, Partial<Viewport>]>([
    ['begins beyond the image', { left: 13 }],
    ['has no width', { regionWidth: 0 }],
    ['has a height that is none', { regionHeight: 0.4 }],
  ])('is black where the part %s', (_, part) => {
    expect(new Set(rows({ width: 3, height: 2, ...part }).flat())).toEqual(new Set([0]));
  });

  it('has a size that is known before', () => {
    const viewport = { width: 3, height: 2 };
    expect(pictureSize({ columns: 9, rows: 9 }, { kind: 'web', viewport })).toBe(viewport);
    expect(pictureSize({ columns: 9, rows: 8 }, { kind: 'web' })).toEqual({ width: 9, height: 8 });
  });
});

describe('a region of WADO-URI', () => {
  const rendering = { kind: 'rendered', smooth: false, windowCenter: 128, windowWidth: 255 } as const;
  const region = { left: 0.25, top: 0, right: 0.75, bottom: 0.5 };

  it('is cut out before the picture gets its size', () => {
    const frame = shown(
      4,
      counting(16).map((value) => value * 10),
    );
    const picture = makePicture(frame, { ...rendering, region });
    expect([picture.width, picture.height, [...picture.data]]).toEqual([2, 2, [9, 19, 49, 59]]);
    const larger = { ...rendering, region, width: 4 };
    expect(makePicture(frame, larger).data).toHaveLength(16);
    expect(pictureSize(frame.frame, larger)).toEqual({ width: 4, height: 4 });
  });

  it('has a pixel at least, and those that it cuts', () => {
    const frame = shown(3, [0, 100, 200]);
    const tiny = { left: 1 - 1e-9, top: 0.2, right: 1, bottom: 0.2 + 1e-9 };
    expect(makePicture(frame, { ...rendering, region: tiny }).data).toHaveLength(1);
    expect(makePicture(frame, { ...rendering, region: { ...tiny, left: 0.5 } }).data).toHaveLength(2);
  });
});
