import { SMALL_DICTIONARY as lookup } from '../testing/small-dictionary.js';
import { buildInstance, type BuilderEntry } from '../testing/dicom-builder.js';
import { tokenize } from '../tokenizer/tokenize.js';
import { followRawPath, itemNumber, rawValue } from './index.js';

describe('rawValue', () => {
  const raw = (vr: string, value: string, littleEndian = true): string =>
    rawValue(Buffer.from(value, 'latin1'), vr, littleEndian).toString('latin1');

  it.each([
    ['LO', 'ab    ', 'ab'],
    ['LO', '  ab    ', '  ab'],
    ['LO', 'abc ', 'abc '],
    ['LO', 'abc', 'abc\0'],
    ['LO', 'ab \0', 'ab \0'],
    ['DS', '    ', ''],
    ['DS', ' 1.5  ', ' 1.5'],
    ['UI', '1.2\0\0\0', '1.2\0'],
    ['UI', '1.2 ', '1.2 '],
    ['LO', 'a\\b  \\c   ', 'a\\b  \\c '],
    ['UN', 'ab  ', 'ab  '],
    ['UN', 'abc', 'abc\0'],
    ['OB', 'abc', 'abc\0'],
    ['OW', 'abc', 'abc'],
  ])('pads %s %j as %j, as Orthanc does', (vr, value, expected) => {
    expect(raw(vr, value)).toBe(expected);
  });

  it.each([
    ['US', '\x01\x02\x03\x04', '\x02\x01\x04\x03'],
    ['AT', '\x00\x18\x10\x63', '\x18\x00\x63\x10'],
    ['UL', '\x01\x02\x03\x04', '\x04\x03\x02\x01'],
    ['FD', '12345678', '87654321'],
    ['OW', '123', '213'],
    ['UL', '123456', '432156'],
    ['OB', '1234', '1234'],
    ['UN', '1234', '1234'],
    ['LO', '1234', '1234'],
  ])('gives %s of a big endian file in little endian order', (vr, value, expected) => {
    expect(raw(vr, value, false)).toBe(expected);
    expect(raw(vr, value, true)).toBe(value);
  });
});

describe('followRawPath', () => {
  const coded = (value: string): BuilderEntry => [0x00080100, 'SH', value];
  const file = buildInstance({
    extra: [
      [0x00081140, 'SQ', [[coded('A')], [coded('B'), [0x0040a170, 'SQ', [[coded('C')]]]], []]],
      [0x00081115, 'SQ', []],
    ],
  });
  const { dataset } = tokenize(file, { lookup });
  const parse = (text: string): number => {
    if (!/^[0-9a-f]{8}$/.test(text)) throw new Error(`no tag: ${text}`);
    return Number.parseInt(text, 16);
  };
  const at = (path: string): unknown => {
    const node = followRawPath(dataset, path.split('/'), parse);
    if (!node) return undefined;
    if ('items' in node) return node.items.length;
    return 'element' in node ? node.element.bytes?.toString() : node.dataset.elements.map(({ tag }) => tag);
  };

  it('goes down sequences by the numbers of their items, -1 the last one', () => {
    expect(at('00081140')).toBe(3);
    expect(at('00081140/0/00080100')).toBe('A ');
    expect(at('00081140/1/0040a170/0/00080100')).toBe('C ');
    expect(at('00081140/1')).toEqual([0x00080100, 0x0040a170]);
    expect(at('00081140/-1')).toEqual([]);
    expect(at('00081115')).toBe(0);
  });

  it.each(['00081140/3', '00081140/-2', '00081140/x', '00081140/0/00080102', '00081115/-1', '00080060/0', '00100099'])(
    'finds nothing at %s',
    (path) => expect(at(path)).toBeUndefined(),
  );

  it('refuses what is no tag, once it gets there', () => {
    expect(() => at('nope')).toThrow('no tag: nope');
    expect(() => at('nope/0/00080100')).toThrow('no tag: nope');
    expect(at('00081140/9/nope')).toBeUndefined();
    expect(at('nope/x/00080100')).toBeUndefined();
  });

  it.each([
    ['0', 0n],
    ['+7', 7n],
    ['-1', -1n],
    ['18446744073709551615', -1n],
    ['18446744073709551616', undefined],
    ['1.0', undefined],
    ['', undefined],
    [' 1', undefined],
  ])('reads %j as the number %s', (text, number) => expect(itemNumber(text)).toBe(number));
});
