import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { type HeaderDataSet } from '../header/model.js';
import { moduleElements } from './modules.js';
import { orthancTags, type TagFormat } from './orthanc-tags.js';
import { sharedTags } from './shared-tags.js';

const dictionary = new DicomDictionary();
const print = (dataset: HeaderDataSet, format: TagFormat = 'short', ignoreLength: number[] = []) =>
  orthancTags(dataset, { dictionary, format, ignoreLength: new Set(ignoreLength) });
const valueOf = (vr: string, value: HeaderDataSet[number][2]) => print([[0x00181234, vr, value]])['0018,1234'];

describe('orthancTags', () => {
  const dataset: HeaderDataSet = [
    [0x00100010, 'PN', 'Doe^John'],
    [0x00081140, 'SQ', [[[0x00081155, 'UI', '1.2.3']], []]],
    [0x00290010, 'LO', 'SIEMENS CSA HEADER'],
    [0x00291008, 'CS', 'IMAGE NUM 4'],
    [0x0029100a, 'SQ', []],
    [0x00291108, 'LO', 'no creator'],
    [0x7fe00010, 'OW', { o: 400, n: 8 }],
    [0xfffcfffc, 'OB', { b: 'AAA=' }],
  ];

  it('prints the full form, up to the pixel data', () => {
    expect(print(dataset, 'full')).toEqual({
      '0010,0010': { Name: 'PatientName', Type: 'String', Value: 'Doe^John' },
      '0008,1140': {
        Name: 'ReferencedImageSequence',
        Type: 'Sequence',
        Value: [{ '0008,1155': { Name: 'ReferencedSOPInstanceUID', Type: 'String', Value: '1.2.3' } }, {}],
      },
      '0029,0010': { Name: 'PrivateCreator', Type: 'String', Value: 'SIEMENS CSA HEADER' },
      '0029,1008': {
        Name: 'CSAImageHeaderType',
        PrivateCreator: 'SIEMENS CSA HEADER',
        Type: 'String',
        Value: 'IMAGE NUM 4',
      },
      '0029,100a': { Name: 'Unknown Tag & Data', Type: 'Sequence', Value: [] },
      '0029,1108': { Name: 'Unknown Tag & Data', Type: 'String', Value: 'no creator' },
      '7fe0,0010': { Name: 'PixelData', Type: 'Null', Value: null },
    });
  });

  it('prints values by tag and by name', () => {
    expect(print(dataset, 'short')).toMatchObject({
      '0010,0010': 'Doe^John',
      '0008,1140': [{ '0008,1155': '1.2.3' }, {}],
    });
    const simplified = print(dataset, 'simplify');
    expect(simplified).toMatchObject({
      PatientName: 'Doe^John',
      ReferencedImageSequence: [{ ReferencedSOPInstanceUID: '1.2.3' }, {}],
    });
    expect(Object.keys(simplified)).toEqual(Object.keys(simplified).toSorted());
  });

  it('keeps the last of several elements with one name', () => {
    expect(
      print(
        [
          [0x00091001, 'LO', 'a'],
          [0x00111001, 'LO', 'b'],
        ],
        'simplify',
      ),
    ).toEqual({ 'Unknown Tag & Data': 'b' });
  });

  it.each<[string, HeaderDataSet[number][2], string | null]>([
    [
      'FD',
      [0.1, 1e-10, 1e22, 1e-5, 123456789.125],
      '0.10000000000000001\\1e-10\\1e+22\\1.0000000000000001e-05\\123456789.125',
    ],
    ['FL', [Math.fround(0.1), 'NaN', 'Infinity', '-Infinity', '-0'], '0.10000000149011612\\nan\\inf\\-inf\\-0'],
    ['FL', [-180.535797119140625, 0.000123456, -1.5], '-180.53579711914062\\0.00012345600000000001\\-1.5'],
    ['US', [1, 65535], '1\\65535'],
    ['SL', [-5], '-5'],
    ['AT', [0x00100020, 0x7fe00010], '0010,0020'],
    ['UV', ['18446744073709551615'], null],
    ['us', [1], null],
    ['ds', '1.5', null],
    ['US', null, null],
    ['LO', '', ''],
    ['OB', { b: 'YWI=' }, null],
    ['UN', { b: 'YWI=' }, null],
  ])('shows %s %j as %j', (vr, value, expected) => {
    expect(valueOf(vr, value)).toBe(expected);
  });

  it('hides values of more than 256 bytes of UTF-8, unless told not to', () => {
    const long: HeaderDataSet = [[0x00204000, 'LT', 'é'.repeat(129)]];
    expect(print(long, 'full')).toMatchObject({ '0020,4000': { Type: 'TooLong', Value: null } });
    expect(print(long, 'short', [0x00204000])).toEqual({ '0020,4000': 'é'.repeat(129) });
    expect(print([[0x00204000, 'LT', 'é'.repeat(128)]])).toEqual({ '0020,4000': 'é'.repeat(128) });
    expect(print([[0x00204000, 'LT', { o: 9, n: 99999 }]], 'full')).toMatchObject({ '0020,4000': { Type: 'TooLong' } });
  });
});

describe('moduleElements', () => {
  it('sorts elements by whose attributes they are', () => {
    const dataset: HeaderDataSet = [
      [0x00080018, 'UI', '1.2'],
      [0x00080020, 'DA', ''],
      [0x00080060, 'CS', 'CT'],
      [0x00080080, 'LO', 'in no module'],
      [0x00100010, 'PN', 'Doe^John'],
    ];
    expect(moduleElements(dataset, 'patient')).toEqual([[0x00100010, 'PN', 'Doe^John']]);
    expect(moduleElements(dataset, 'study')).toEqual([[0x00080020, 'DA', '']]);
    expect(moduleElements(dataset, 'series')).toEqual([[0x00080060, 'CS', 'CT']]);
    expect(moduleElements(dataset, 'instance')).toEqual([[0x00080018, 'UI', '1.2']]);
  });
});

describe('sharedTags', () => {
  const one = print(
    [
      [0x00100010, 'PN', 'Doe^John'],
      [0x00200013, 'IS', '1'],
      [0x00281201, 'OW', { b: 'AAA=' }],
    ],
    'full',
  );
  const other = print(
    [
      [0x00100010, 'PN', 'Doe^John'],
      [0x00200013, 'IS', '2'],
      [0x00281201, 'OW', { b: 'AAA=' }],
    ],
    'full',
  );

  it('keeps the text that all instances have', () => {
    expect(sharedTags([one, other], 'full')).toEqual({
      '0010,0010': { Name: 'PatientName', Type: 'String', Value: 'Doe^John' },
    });
    expect(sharedTags([one, other], 'simplify')).toEqual({ PatientName: 'Doe^John' });
    expect(sharedTags([one], 'short')).toEqual({ '0010,0010': 'Doe^John', '0020,0013': '1' });
    expect(sharedTags([], 'full')).toEqual({});
  });
});
