import { uidMatcher } from './uid-patterns.js';

describe('patterns of UIDs', () => {
  it.each([
    ['1.2.840.10008.1.2', true],
    ['1.2.840.10008.1', false],
    ['1.2.840.10008.1.2*', true],
    ['*', true],
    ['1.2.8?0.*', true],
    ['1.2.8?.*', false],
    ['1?2?840*', true],
    ['1.2.840.10008.1.[0-9]', false],
    ['', false],
  ])('%j', (pattern, expected) => {
    expect(uidMatcher([pattern])('1.2.840.10008.1.2')).toBe(expected);
  });

  it('match when one of them does', () => {
    expect(uidMatcher(['2.*', '1.*'])('1.2')).toBe(true);
    expect(uidMatcher([])('1.2')).toBe(false);
  });

  it('of many wildcards are decided all the same', () => {
    const uid = `1.2.${'3'.repeat(60)}`;
    expect(uidMatcher([`${'*?'.repeat(31)}X`])(uid)).toBe(false);
    expect(uidMatcher([`${'*?'.repeat(31)}3`])(uid)).toBe(true);
  });
});
