/**
 * The nearest decimal of 17 digits, ties to even as C rounds them: `toExponential` takes the larger one. A tie shows in
 * the exact expansion, of which 100 digits are enough for all but the very smallest numbers.
 */
function seventeenDigits(value: number): string {
  const rounded = value.toExponential(16);
  const exact = value.toExponential(99).replace(/e.*$/, '');
  const tie = /^-?\d\.\d{16}50*$/.test(exact);
  const lastDigit = Number(rounded[rounded.indexOf('e') - 1]);
  if (!tie || lastDigit % 2 === 0) return rounded;
  return rounded.replace(/\de/, `${lastDigit - 1}e`);
}

/** A number as C's `%.17g` prints it, which is how Orthanc shows FL and FD. */
export function formatReal(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const [mantissa = '', exponentText = ''] = seventeenDigits(value).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 17) {
    const sign = exponent < 0 ? '-' : '+';
    return `${withoutZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return withoutZeros(`${sign}0.${'0'.repeat(-exponent - 1)}${digits}`);
  return withoutZeros(`${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`);
}

function withoutZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}
