import { alignedBits } from './aligned-bits.js';

it('takes any bits out of bytes', () => {
  const bytes = Buffer.from([0b10110010, 0b01011101, 0b11100001]);
  const bits = (from: Buffer, count: number): number[] =>
    Array.from({ length: count }, (_, index) => (from[index >>> 3]! >>> (index & 7)) & 1);
  const all = bits(bytes, 24);
  for (let first = 0; first < 24; first++) {
    for (let count = 1; first + count <= 24; count++) {
      const aligned = alignedBits(bytes, first, count);
      expect(bits(aligned, 8 * aligned.length)).toEqual([
        ...all.slice(first, first + count),
        ...Array.from({ length: 8 * aligned.length - count }, () => 0),
      ]);
    }
  }
});
