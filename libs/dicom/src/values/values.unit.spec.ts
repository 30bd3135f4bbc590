import { type DataElement, type DataSet, type Tag } from '../dataset.js';
import { buildDicom, type BuilderEntry, TransferSyntax } from '../testing/dicom-builder.js';
import { SMALL_DICTIONARY as lookup } from '../testing/small-dictionary.js';
import { tokenize } from '../tokenizer/tokenize.js';
import { numbersOf, textOf, valuesOf } from './index.js';

const TAG: Tag = 0x00400275;

function read(entry: BuilderEntry, characterSet?: string, transferSyntax?: string): [DataElement, DataSet] {
  const charset: BuilderEntry[] = characterSet === undefined ? [] : [[0x00080005, 'CS', characterSet]];
  const { dataset } = tokenize(buildDicom({ elements: [...charset, entry], transferSyntax }), { lookup });
  const element = dataset.elements.at(-1);
  if (!element) throw new Error('no element');
  return [element, dataset];
}

describe('textOf', () => {
  it.each([
    ['LO', 'abc  ', 'abc'],
    ['LO', ' abc ', ' abc'],
    ['LO', 'abc\0', 'abc'],
    ['LO', 'a\0bc', 'a'],
    ['LO', 'abc \0', 'abc '],
    ['LO', '    ', ''],
    ['LO', '\0\0', ''],
    ['LO', 'a \\ b ', 'a \\ b'],
    ['LT', 'ab\r\n', 'ab\r\n'],
    ['UI', ' 1.2 .3\0', '1.2.3'],
    ['UN', 'abc ', 'abc '],
  ])('reads %s %j as %j', (vr, value, text) => {
    expect(textOf(...read([TAG, vr, Buffer.from(value, 'latin1')]), 'Latin1')).toBe(text);
  });

  it('decodes by the default encoding only where the file names no character set', () => {
    const value = Buffer.from('\xe9t\xe9', 'latin1');
    expect(textOf(...read([TAG, 'LO', value]), 'Latin1')).toBe('été');
    expect(textOf(...read([TAG, 'LO', value]), 'Cyrillic')).toBe('щtщ');
    expect(textOf(...read([TAG, 'LO', value], 'ISO_IR 101'), 'Cyrillic')).toBe('été');
    expect(textOf(...read([TAG, 'LO', value], ''), 'Cyrillic')).toBe('щtщ');
  });
});

describe('valuesOf', () => {
  it('splits after decoding', () => {
    expect(valuesOf(...read([TAG, 'LO', Buffer.from('\x83\x5c \x5c b', 'latin1')], 'ISO_IR 13'), 'Latin1')).toEqual([
      'ソ',
      'b',
    ]);
    expect(valuesOf(...read([TAG, 'CS', 'A\\\\B']), 'Latin1')).toEqual(['A', '', 'B']);
    expect(valuesOf(...read([TAG, 'LT', 'C:\\temp']), 'Latin1')).toEqual(['C:\\temp']);
    expect(valuesOf(...read([TAG, 'LO', '']), 'Latin1')).toEqual([]);
  });
});

describe('numbersOf', () => {
  const cases: readonly (readonly [vr: string, values: readonly (number | bigint)[]])[] = [
    ['US', [0, 65535]],
    ['SS', [-1, 32767]],
    ['UL', [4294967295]],
    ['SL', [-2147483648, 5]],
    ['FL', [0.5, -1.25]],
    ['FD', [Math.PI, -0]],
    ['AT', [0x00181063, 0xfffee000]],
    ['OL', [7]],
    ['OW', [1, 2, 3]],
    ['UV', [18446744073709551615n]],
    ['SV', [-9223372036854775808n]],
    ['OV', [1n, 2n]],
  ];
  it.each(cases)('reads %s in both byte orders', (vr, values) => {
    for (const syntax of [TransferSyntax.explicitLittleEndian, TransferSyntax.explicitBigEndian]) {
      expect(numbersOf(...read([TAG, vr, values], undefined, syntax))).toEqual(values);
    }
  });

  it('counts the last number of an odd length, and no broken ones else', () => {
    expect(numbersOf(...read([TAG, 'US', Buffer.from([1, 0, 2])]))).toEqual([1, 2]);
    expect(numbersOf(...read([TAG, 'US', Buffer.from([1])]))).toEqual([1]);
    expect(numbersOf(...read([TAG, 'UL', Buffer.from([1, 0])]))).toEqual([]);
    expect(numbersOf(...read([TAG, 'LO', 'abc']))).toEqual([]);
  });

  it('reads in another representation on request', () => {
    expect(numbersOf(...read([TAG, 'UN', Buffer.from([0xff, 0xff])]), 'SS')).toEqual([-1]);
  });
});
