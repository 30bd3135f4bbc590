/**
 * Single bits that begin in the midst of a byte, moved to the beginning of one; those that fill the last byte are 0. The
 * first bit is the lowest of a byte (PS3.5 section 8.1.1).
 *
 * @param firstBit where they begin
 * @param count how many there are
 */
export function alignedBits(bytes: Buffer, firstBit: number, count: number): Buffer {
  const [skip, shift] = [firstBit >>> 3, firstBit & 7];
  const aligned = Buffer.alloc(Math.ceil(count / 8));
  for (let index = 0; index < aligned.length; index++) {
    const [low, high] = [bytes[skip + index] ?? 0, bytes[skip + index + 1] ?? 0];
    aligned[index] = ((low >>> shift) | (high << (8 - shift))) & 0xff;
  }
  if (count % 8 !== 0) aligned[aligned.length - 1]! &= 0xff >>> (8 - (count % 8));
  return aligned;
}
