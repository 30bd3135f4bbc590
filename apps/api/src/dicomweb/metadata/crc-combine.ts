/** The polynomial of CRC-32 (RFC 1952 section 8), reflected. */
const POLYNOMIAL = 0xedb88320;
/** The polynomials 1 and x, reflected. */
const ONE = 0x80000000;
const X = 0x40000000;

/** A product of polynomials modulo that of CRC-32. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= b;
    b = b & 1 ? (b >>> 1) ^ POLYNOMIAL : b >>> 1;
  }
  return product >>> 0;
}

/** The CRC-32 of two texts one after the other, from those of each. @param length of the second one, bytes */
export function combineCrc(first: number, second: number, length: number): number {
  let shift = ONE;
  let power = X;
  // x to the power of 8 times the length
  for (let bits = length * 8; bits > 0; bits = Math.floor(bits / 2)) {
    if (bits % 2 === 1) shift = times(power, shift);
    power = times(power, power);
  }
  return (times(shift, first >>> 0) ^ second) >>> 0;
}
