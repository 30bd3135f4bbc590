import fc from 'fast-check';
import { DEFAULT_ENCODINGS, decodeText, defaultCharacterSets, characterSetTerms } from './index.js';

const decode = (bytes: string, terms: string, vr?: string): string =>
  decodeText(Buffer.from(bytes, 'latin1'), characterSetTerms(Buffer.from(terms, 'latin1')), vr);

describe('characterSetTerms', () => {
  it.each([
    ['ISO_IR 100 ', ['ISO_IR 100']],
    ['\\ISO 2022 IR 87', ['', 'ISO 2022 IR 87']],
    ['iso-ir 100', ['ISO_IR 100']],
    ['ISO IR 192\0', ['ISO_IR 192']],
    ['gb18030', ['GB18030']],
    ['', []],
    ['  ', []],
  ])('reads %j', (value, terms) => {
    expect(characterSetTerms(Buffer.from(value, 'latin1'))).toEqual(terms);
  });
});

describe('decodeText without code extensions', () => {
  it.each([
    ['ISO_IR 6', 'caf\xe9', 'caf'],
    ['ISO_IR 100', 'Buc^J\xe9r\xf4me \x80', 'Buc^Jérôme \u0080'],
    ['ISO_IR 101', 'Wa\xb3\xeasa', 'Wałęsa'],
    ['ISO_IR 109', '\xa6\xb6', 'Ĥĥ'],
    ['ISO_IR 110', '\xbf\xb3', 'ŋŗ'],
    ['ISO_IR 148', '\xddstanbul \xd0\xfe\xe9', 'İstanbul Ğşé'],
    ['ISO_IR 203', '\xa4\xbd', '€œ'],
    ['ISO_IR 144', '\xbb\xee\xdace\xdc\xd1yp\xd3', 'Люкceмбypг'],
    ['ISO_IR 127', '\xe2\xc8\xc7\xe6\xea', 'قباني'],
    ['ISO_IR 126', '\xc4\xe9\xef\xed', 'Διον'],
    ['ISO_IR 138', '\xf9\xf8\xe5\xef', 'שרון'],
    ['ISO_IR 166', '\xca\xc1\xaa\xd2\xc2\x9f\xdb', 'สมชาย'],
    ['ISO_IR 13', '\xd4\xcf\xc0\xde^\xc0\xdb\xb3', 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
    ['ISO_IR 192', '\xe7\x8e\x8b^\xf0\x9f\x98\x80', '王^😀'],
    ['GB18030', '\xcd\xf5^\xd0\xa1\xb6\xab\x81\x30\x84\x36', '王^小东¥'],
    ['GBK', '\xcd\xf5\x81\\\\a', '王乗\\a'],
    ['FOO', 'a\xe9b', 'ab'],
  ])('reads %s', (term, bytes, text) => {
    expect(decode(bytes, term)).toBe(text);
  });

  it('leaves out what is no UTF-8, as servers built on Boost.Locale do', () => {
    expect(decode('ab\xe9cd', 'ISO_IR 192')).toBe('abd');
    expect(decode('ab\xc3\xa9cd\xff', 'ISO_IR 192')).toBe('abécd');
    expect(decode('a\xed\xa0\x80\xc0\x80b', 'ISO_IR 192')).toBe('ab');
    expect(decode('\xef\xbb\xbfa\xef\xbf\xbd', 'ISO_IR 192')).toBe('\ufeffa\ufffd');
  });
});

/** The examples of PS3.5 annexes H, I, J and K, and others of the same kind. */
describe('decodeText with code extensions', () => {
  it.each([
    [
      '\\ISO 2022 IR 87',
      'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B',
      'Yamada^Tarou=山田^太郎=やまだ',
    ],
    [
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J',
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
    ],
    ['\\ISO 2022 IR 149', 'Hong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7', 'Hong=洪^吉洞'],
    ['\\ISO 2022 IR 58', 'Zhang=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=', 'Zhang=张^小东='],
    ['\\ISO 2022 IR 159', '\x1b$(D0!\x1b(B', '丂'],
    ['ISO 2022 IR 100\\ISO 2022 IR 126', '\xe9\x1b-F\xe1\xe2^\xe9', 'éαβ^é'],
    ['ISO 2022 IR 6\\ISO 2022 IR 144', 'Ivan \x1b-L\xb8\xd2\xd0\xdd', 'Ivan Иван'],
    ['\\ISO 2022 IR 13', '\x1b)I\xd4\xcf', 'ﾔﾏ'],
    ['\\ISO 2022 IR 149', '\xfb\xf3', '洪'],
    ['\\ISO 2022 IR 87', '\x1bZa\xe9', 'Za'],
  ])('reads %j', (terms, bytes, text) => {
    expect(decode(bytes, terms, 'PN')).toBe(text);
  });

  it('forgets designations at the delimiters of the text', () => {
    const terms = 'ISO 2022 IR 100\\ISO 2022 IR 126';
    for (const [delimiter, vr] of [
      ['\\', 'LO'],
      ['\r', 'LT'],
      ['\n', 'UT'],
      ['\f', 'LT'],
      ['\t', 'LO'],
      ['^', 'PN'],
      ['=', 'PN'],
    ] as const) {
      expect(decode(`\x1b-F\xe1${delimiter}\xe1`, terms, vr)).toBe(`α${delimiter}á`);
    }
    expect(decode('\x1b-F\xe1^\xe1', terms, 'LO')).toBe('α^α');
    expect(decode('\x1b-F\xe1\\\xe1', terms, 'UT')).toBe('α\\α');
  });

  it('takes no delimiter out of the middle of a character', () => {
    expect(decode('\x1b$B$^$=\x1b(B\\a', '\\ISO 2022 IR 87', 'PN')).toBe('まそ\\a');
  });
});

it('never fails on any bytes in any character set', () => {
  const terms = fc.constantFrom(
    ...DEFAULT_ENCODINGS.map(defaultCharacterSets),
    ['', 'ISO 2022 IR 159'],
    ['ISO 2022 IR 13', 'ISO 2022 IR 149', 'X'],
  );
  const bytes = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0x1b, 0x24, 0x28, 0x29, 0x42, 0x5c)), { maxLength: 40 });
  fc.assert(
    fc.property(terms, bytes, (sets, text) => {
      expect(decodeText(Buffer.from(text), sets, 'PN')).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }),
    { numRuns: 3000 },
  );
});

it('refuses the name of a default encoding that does not exist', () => {
  expect(() => defaultCharacterSets('Klingon')).toThrow(RangeError);
});
