import fc from 'fast-check';
import { normalize } from './normalize.js';

describe('normalized text', () => {
  it.each([
    ['Müller^Jörg', 'MULLER^JORG'],
    ['  Ångström ', 'ANGSTROM'],
    ['Σίσυφος', 'ΣΙΣΥΦΟΣ'],
    ['Люксембург', 'ЛЮКСЕМБУРГ'],
    ['Weiß', 'WEISS'],
    ['山田^太郎', '山田^太郎'],
    ['김희중', '김희중'.normalize('NFD')],
    ['', ''],
  ])('of %j is %j', (text, expected) => expect(normalize(text)).toBe(expected));

  it('is the same however the text is composed, and in whatever case', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, (value) => {
        expect(normalize(value.normalize('NFC'))).toBe(normalize(value.normalize('NFD')));
        expect(normalize(normalize(value))).toBe(normalize(value));
      }),
    );
  });
});
