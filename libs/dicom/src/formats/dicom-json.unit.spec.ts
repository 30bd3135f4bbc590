import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { type HeaderDataSet } from '../header/model.js';
import { dicomJson, type DicomJsonOptions } from './dicom-json.js';

const dictionary = new DicomDictionary();
const parse = (dataset: HeaderDataSet, options: Partial<DicomJsonOptions> = {}): unknown =>
  JSON.parse(dicomJson(dataset, { dictionary, ...options }));

describe('dicomJson', () => {
  it.each<[string, HeaderDataSet[number][2], unknown]>([
    ['LO', 'a\\\\ b', ['a', null, ' b']],
    ['LT', 'a\\b', ['a\\b']],
    ['DS', '1.50\\ 2 \\1e1', ['1.50', '2', '1e1']],
    ['DS', '1,5', ['1,5']],
    ['IS', '+007', [7]],
    ['IS', '1.5', ['1.5']],
    ['CS', 'A \\ B', ['A', 'B']],
    ['FD', [1.5, 'NaN', '-0'], [1.5, 'NaN', -0]],
    ['AT', [0x0020000d], ['0020000D']],
    ['UV', ['7', '18446744073709551615'], [7, '18446744073709551615']],
    ['us', [3], [3]],
    [
      'PN',
      'Yamada^Tarou=山田^太郎=やまだ^たろう\\=x\\',
      [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }, { Ideographic: 'x' }, null],
    ],
  ])('writes values of %s %j', (vr, value, expected) => {
    expect(parse([[0x00181234, vr, value]])).toEqual({ '00181234': { vr: vr.toUpperCase(), Value: expected } });
  });

  it.each<[string, HeaderDataSet[number][2]]>([
    ['LO', ''],
    ['US', null],
    ['OB', null],
    ['SQ', []],
  ])('writes an empty %s without a value', (vr, value) => {
    expect(parse([[0x00181234, vr, value]])).toEqual({ '00181234': { vr } });
  });

  it('writes sequences, empty items too, and leaves group lengths out', () => {
    const item: HeaderDataSet = [
      [0x00080000, 'UL', [10]],
      [0x00081155, 'UI', '1.2'],
    ];
    expect(
      parse([
        [0x00080000, 'UL', [4]],
        [0x00081140, 'SQ', [item, []]],
      ]),
    ).toEqual({
      '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }, {}] },
    });
  });

  it('keeps the attributes in ascending order', () => {
    const text = dicomJson(
      [
        [0x00080018, 'UI', '1'],
        [0x20100010, 'ST', 'x'],
        [0x7fe00010, 'OW', null],
      ],
      { dictionary },
    );
    expect(text.match(/"[0-9A-F]{8}"/g)).toEqual(['"00080018"', '"20100010"', '"7FE00010"']);
  });

  it('writes bytes inline and asks where the rest can be fetched', () => {
    const dataset: HeaderDataSet = [
      [0x00081140, 'SQ', [[[0x00281201, 'OW', { o: 500, n: 2000 }]]]],
      [0x00420011, 'OB', { b: 'YWI=' }],
      [0x7fe00010, 'OW', { o: 4000, n: 8 }],
    ];
    const bulk: DicomJsonOptions['bulk'] = ({ o }, path) =>
      o === 4000 ? undefined : { BulkDataURI: `bulk/${path.map((part) => part.toString(16)).join('/')}` };
    expect(parse(dataset, { bulk })).toEqual({
      '00081140': { vr: 'SQ', Value: [{ '00281201': { vr: 'OW', BulkDataURI: 'bulk/81140/0/281201' } }] },
      '00420011': { vr: 'OB', InlineBinary: 'YWI=' },
      '7FE00010': { vr: 'OW' },
    });
    expect(parse([[0x00420011, 'OB', { b: 'YWI=' }]], { inline: () => ({ BulkDataURI: 'x' }) })).toEqual({
      '00420011': { vr: 'OB', BulkDataURI: 'x' },
    });
  });

  it('calls encapsulated pixel data bytes, whatever their file calls them', () => {
    const dataset: HeaderDataSet = [[0x7fe00010, 'OW', { o: 4000, n: 8, e: 1 }]];
    expect(parse(dataset, { bulk: (_range, _path, vr) => ({ BulkDataURI: vr }) })).toEqual({
      '7FE00010': { vr: 'OB', BulkDataURI: 'OB' },
    });
  });

  it('gives UN that was read as text the representation that made it readable', () => {
    expect(
      parse([
        [0x00081030, 'UN', 'text'],
        [0x00290010, 'LO', 'SIEMENS CSA HEADER'],
        [0x00291008, 'UN', 'X'],
      ]),
    ).toMatchObject({
      '00081030': { vr: 'LO', Value: ['text'] },
      '00291008': { vr: 'CS', Value: ['X'] },
    });
  });
});
