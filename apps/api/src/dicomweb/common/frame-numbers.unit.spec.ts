import { frameNumbers } from './frame-numbers.js';

const refusal = (text: string, most = 10): unknown => {
  try {
    return frameNumbers(text, most);
  } catch (error) {
    const { status, code, details } = error as { status: number; code: number; details?: string };
    return [status, code, details];
  }
};

describe('a list of frames', () => {
  it('has them as they are asked for', () => {
    expect(frameNumbers('3,1,01,1', 10)).toEqual([2, 0, 0, 0]);
    expect(frameNumbers('4294967295', 10)).toEqual([4294967294]);
  });

  it.each(['0', '-1'])('begins with 1: %s', (text) => {
    expect(refusal(text)).toEqual([400, 3, `Invalid frame number (must be > 0): ${text}`]);
  });

  it.each(['', 'abc', '1,', '1.5', '+1', '1e3', ' 1', '99999999999', '4294967296', '1,,2', '１'])(
    'has numbers only: %j',
    (text) => {
      expect(refusal(text)).toEqual([400, 15, undefined]);
    },
  );

  it('is not too long', () => {
    const details = 'The request is larger than the limit: a list of 10 frames';
    expect(refusal('1,'.repeat(10) + '1')).toEqual([413, 8, details]);
    expect(refusal('1,'.repeat(100_000))).toEqual([413, 8, details]);
    expect(frameNumbers('1,'.repeat(9) + '1', 10)).toHaveLength(10);
  });
});
