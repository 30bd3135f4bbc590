import { type TestImage, buildImage, openImage } from '../testing/image-builder.js';
import { matlabText } from './matlab.js';
import { numpyFormat, numpyFrame, numpyFrameSize, numpyHeader } from './numpy.js';
import { pamFile } from './pam.js';
import { shownFrame, type ShownFrame } from './shown-frame.js';

const words = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const GREY = { rows: 2, columns: 2, bitsAllocated: 16, signed: true, pixelBytes: words(0xffff, 2, 3, 4) };
const COLOURS = { rows: 1, columns: 2, samples: 3, pixelBytes: Buffer.from([1, 2, 3, 4, 5, 6]) };

async function shown(image: TestImage): Promise<ShownFrame> {
  const { model, frame } = openImage(buildImage(image));
  return shownFrame({ frame: await frame(0), model }, 0);
}

describe('a Portable Arbitrary Map', () => {
  it('tells its size and kind, and has the higher byte first', () => {
    expect(pamFile({ width: 2, height: 1, channels: 1, data: Uint16Array.of(258, 65535) }).toString('latin1')).toBe(
      'P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 65535\nTUPLTYPE GRAYSCALE\nENDHDR\n\x01\x02\xff\xff',
    );
    expect(pamFile({ width: 1, height: 1, channels: 3, data: Uint8Array.of(65, 66, 67) }).toString('latin1')).toBe(
      'P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\nABC',
    );
  });
});

describe('the text for Matlab', () => {
  it('is a matrix of rows, or an array of rows, columns and colours', async () => {
    expect([...matlabText(await shown(GREY))].join('')).toBe('double([ -1 2 ; 3 4 ])');
    expect([...matlabText(await shown(COLOURS))].join('')).toBe(
      'double(permute(reshape([ 1 2 3 4 5 6 ], [ 3 2 1 ]), [ 3 2 1 ]))',
    );
  });
});

describe('the numbers for numpy', () => {
  it('are the stored ones, or the physical ones in single precision', async () => {
    const rescaled = await shown({
      ...GREY,
      extra: [
        [0x00281052, 'DS', '0.1'],
        [0x00281053, 'DS', '2'],
      ],
    });
    const format = numpyFormat(rescaled.frame, true);
    expect(format).toEqual({ rows: 2, columns: 2, channels: 1, type: '<f4' });
    expect(numpyFrameSize(format)).toBe(16);
    const numbers = new Float32Array(numpyFrame(rescaled, true).buffer);
    expect([...numbers]).toEqual([-1.9, 4.1, 6.1, 8.1].map(Math.fround));
    expect(numpyFormat(rescaled.frame, false).type).toBe('<i2');
    expect([...numpyFrame(rescaled, false)]).toEqual([0xff, 0xff, 2, 0, 3, 0, 4, 0]);
  });

  it('are the same whether they are looked up in a table, as of large frames, or computed', async () => {
    const kinds = [
      { bitsAllocated: 8, signed: false },
      { bitsAllocated: 8, bitsStored: 5, signed: true },
      { bitsAllocated: 16, bitsStored: 12, signed: false },
      { bitsAllocated: 16, bitsStored: 12, signed: true },
      { bitsAllocated: 16, bitsStored: 10, highBit: 15, signed: true },
      { bitsAllocated: 16, bitsStored: 1, signed: true },
      { bitsAllocated: 16, bitsStored: 1, signed: false },
      { bitsAllocated: 16, signed: true },
      { bitsAllocated: 32, signed: true },
    ];
    const lines = [
      ['1', '0'],
      ['1', '-1024'],
      ['0.1', '3.3'],
    ] as const;
    for (const [kind, [slope, intercept]] of kinds.flatMap((each) => lines.map((line) => [each, line] as const))) {
      const [rows, columns] = [257, 259];
      const pixelBytes = Buffer.alloc((rows * columns * kind.bitsAllocated) / 8);
      for (let at = 0; at < pixelBytes.length; at++) pixelBytes[at] = (at * 2_654_435_761) >>> 13;
      const extra = [[0x00281052, 'DS', intercept] as const, [0x00281053, 'DS', slope] as const];
      const large = await shown({ ...kind, rows, columns, pixelBytes, extra });
      const stored = numpyFrame(large, false);
      const View = { '<u1': Uint8Array, '<i1': Int8Array, '<u2': Uint16Array, '<i2': Int16Array, '<i4': Int32Array };
      const type = numpyFormat(large.frame, false).type as keyof typeof View;
      const expected = Array.from(
        new View[type](stored.buffer as ArrayBuffer, stored.byteOffset, rows * columns),
        (value) => Math.fround(Math.fround(Math.fround(Number(slope)) * value) + Math.fround(Number(intercept))),
      );
      const found = numpyFrame(large, true);
      expect(Buffer.from(found).equals(Buffer.from(Float32Array.from(expected).buffer))).toBe(true);
    }
  });

  it('are colours whatever is wanted', async () => {
    const colours = await shown(COLOURS);
    expect(numpyFormat(colours.frame, true)).toEqual({ rows: 1, columns: 2, channels: 3, type: '<u1' });
    expect([...numpyFrame(colours, true)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('have a header of whole blocks that tells type and shape', () => {
    const format = { rows: 480, columns: 640, channels: 3, type: '<u1' } as const;
    for (const [frames, shape] of [
      [undefined, '(480,640,3)'],
      [34, '(34, 480,640,3)'],
    ] as const) {
      const header = numpyHeader(format, frames);
      expect(header.length % 64).toBe(0);
      expect(header.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
      expect(header.readUInt16LE(8)).toBe(header.length - 10);
      expect(header.subarray(10).toString('latin1')).toMatch(/^\{.*\} *\n$/);
      expect(header.toString('latin1')).toContain(`{'descr': '<u1', 'fortran_order': False, 'shape': ${shape}, }`);
    }
  });
});
