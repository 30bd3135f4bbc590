import { checkStowAnswer } from './stow-result.js';

const item = (reason?: number): object => (reason === undefined ? {} : { '00081197': { vr: 'US', Value: [reason] } });
const answer = (stored: number, failed: readonly (number | undefined)[] = []): object => ({
  '00081199': { vr: 'SQ', Value: Array.from({ length: stored }, () => item()) },
  ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed.map(item) } }),
});
const check = (status: number, body: object | string, again = false): (() => void) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => checkStowAnswer({ status, body: Buffer.from(text) }, { server: 'b', instances: 2, again }, 10);
};
const failing = (details: string): Error => expect.objectContaining({ status: 500, code: 9, details }) as Error;

describe('answers to STOW-RS', () => {
  it.each([200, 202])(
    'are good with status %d where all that was sent is named, as a data set or as a list of one',
    (status) => {
      expect(check(status, answer(2))).not.toThrow();
      expect(check(status, [answer(2)])).not.toThrow();
    },
  );

  it.each<[string, number, object | string, string]>([
    [
      'instances failed',
      200,
      answer(1, [0x0110]),
      'The DICOMweb server "b" did not store 1 of 2 instances (failure reason 0x0110)',
    ],
    [
      'all failed',
      409,
      answer(0, [0xa700, 0xc000]),
      'The DICOMweb server "b" did not store 2 of 2 instances (failure reason 0xA700, 0xC000)',
    ],
    ['no reason is given', 202, answer(1, [undefined]), 'The DICOMweb server "b" did not store 1 of 2 instances'],
    [
      'something else failed',
      200,
      { ...answer(1), '0008119A': { vr: 'SQ', Value: [item(0x0122)] } },
      'The DICOMweb server "b" did not store 1 of 2 instances (failure reason 0x0122)',
    ],
    [
      'fewer are named',
      200,
      answer(1),
      'The STOW-RS server was only able to receive 1 instances out of 2, as it says: "b"',
    ],
    ['none are named', 200, {}, 'The STOW-RS server was only able to receive 0 instances out of 2, as it says: "b"'],
    ['it is no JSON', 200, '<html>', 'The STOW-RS JSON response from DICOMweb server "b" cannot be read'],
    ['it is empty', 200, '', 'The STOW-RS JSON response from DICOMweb server "b" cannot be read'],
    [
      'it is nested too deeply',
      200,
      '['.repeat(100),
      'The STOW-RS JSON response from DICOMweb server "b" cannot be read',
    ],
    ['the status is none of success', 503, answer(2), 'The DICOMweb server "b" answered with HTTP status 503'],
    [
      'duplicates are refused at the first time',
      409,
      answer(1, [0x0111]),
      'The DICOMweb server "b" did not store 1 of 2 instances (failure reason 0x0111)',
    ],
  ])('are errors where %s', (_, status, body, details) => {
    expect(check(status, body)).toThrow(failing(details));
  });

  it('are good where what was sent before is refused as duplicates', () => {
    expect(check(200, answer(1, [0x0111]), true)).not.toThrow();
    expect(check(409, answer(0, [0x0111, 0x0111]), true)).not.toThrow();
    expect(check(409, answer(0, [0x0111, 0x0110]), true)).toThrow(failing(expect.stringContaining('1 of 2') as string));
    expect(check(409, answer(0, [0x0111]), true)).toThrow(failing(expect.stringContaining('only able') as string));
  });
});
