import { release } from './release.js';

describe('the memory of received chunks', () => {
  it('is free at once', () => {
    const chunks = [Buffer.from(new ArrayBuffer(70_000)), Buffer.from(new ArrayBuffer(10))];
    release(chunks);
    expect(chunks.map(({ length, buffer }) => [length, buffer.byteLength])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('stays where others may use it', () => {
    const whole = Buffer.from(new ArrayBuffer(100)).fill(7);
    const shared = Buffer.from(new SharedArrayBuffer(10));
    release([whole.subarray(0, 50), Buffer.from('from the pool'), shared]);
    expect(whole.equals(Buffer.alloc(100, 7))).toBe(true);
    expect(shared).toHaveLength(10);
  });
});
