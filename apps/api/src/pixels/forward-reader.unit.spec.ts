import { ForwardReader } from './forward-reader.js';

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index & 0xff));
const START = 300;

describe('ranges of what can be read from its beginning only', () => {
  let closed = false;
  async function* chunksOf(size: number): AsyncGenerator<Buffer, void> {
    closed = false;
    try {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    } finally {
      closed = true;
    }
  }

  it.each([1, 3, 7, 64, 5000])('are read one after the other out of chunks of %d bytes', async (size) => {
    const reader = new ForwardReader(chunksOf(size), START);
    const ranges = [
      [0, 0],
      [0, 10],
      [9, 20],
      [12, 100],
      [104, 120],
      [400, 401],
      [401, 999],
      [991, 1000],
    ] as const;
    for (const [from, to] of ranges) {
      expect(await reader.read({ o: START + from, n: to - from })).toEqual(bytes.subarray(from, to));
    }
  });

  it('are shorter where the bytes end before', async () => {
    const reader = new ForwardReader(chunksOf(64), START);
    expect(await reader.read({ o: START + 990, n: 50 })).toEqual(bytes.subarray(990));
    expect(await reader.read({ o: START + 2000, n: 5 })).toEqual(Buffer.alloc(0));
  });

  it('are not read again', async () => {
    const reader = new ForwardReader(chunksOf(64), START);
    await reader.read({ o: START, n: 500 });
    await expect(reader.read({ o: START, n: 500 })).rejects.toThrow(RangeError);
    await expect(reader.read({ o: START - 1, n: 5 })).rejects.toThrow(RangeError);
  });

  it('are read until somebody has enough', async () => {
    const reader = new ForwardReader(chunksOf(64), START);
    await reader.read({ o: START, n: 5 });
    expect(closed).toBe(false);
    await reader.close();
    expect(closed).toBe(true);
  });
});
