import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { type HeaderDataSet, type HeaderModel } from '../header/model.js';
import { instanceFacts } from './instance-facts.js';
import { MainDicomTags } from './main-dicom-tags.js';
import { mainSequencesMetadata, mainTagsOf } from './main-tags-of.js';

const dictionary = new DicomDictionary();
const EXPLICIT = '1.2.840.10008.1.2.1';
const modelOf = (dataset: HeaderDataSet, syntax = EXPLICIT): HeaderModel => ({ version: 1, syntax, meta: [], dataset });

describe('MainDicomTags', () => {
  it('lists the tags of each level as /system does', () => {
    const tags = new MainDicomTags(dictionary);
    expect(tags.signature('Patient')).toBe('0010,0010;0010,0020;0010,0030;0010,0040;0010,1000');
    expect(tags.signature('Instance')).toMatch(/^0008,0012;.*;0054,1330$/);
    expect(tags.tags('Series')).toHaveLength(26);
    expect(tags.tags('Study')).toHaveLength(11);
  });

  it('merges the tags of the configuration in ascending order, by name or number', () => {
    const tags = new MainDicomTags(dictionary, { Patient: ['PatientComments', '0010,1010', '00101020', '0010-0010'] });
    expect(tags.signature('Patient')).toBe(
      '0010,0010;0010,0020;0010,0030;0010,0040;0010,1000;0010,1010;0010,1020;0010,4000',
    );
    expect(tags.redundant).toEqual(['0010-0010']);
  });

  it('refuses a tag that no dictionary knows, by its name', () => {
    expect(() => new MainDicomTags(dictionary, { Study: ['NoSuchTag'] })).toThrow('NoSuchTag');
  });
});

describe('mainTagsOf', () => {
  const tagsOf = (dataset: HeaderDataSet, extra = {}) =>
    mainTagsOf(modelOf(dataset), new MainDicomTags(dictionary, extra), dictionary);

  it('keeps text as it stands, empty text too, and leaves absent tags out', () => {
    const { Patient, Study, Series } = tagsOf([
      [0x00080020, 'DA', ''],
      [0x0008103e, 'LO', 'a\\ b'],
      [0x00100010, 'PN', ' Doe^John'],
    ]);
    expect(Patient).toEqual({ tags: { '00100010': ' Doe^John' } });
    expect(Study).toEqual({ tags: { '00080020': '' } });
    expect(Series).toEqual({ tags: { '0008103e': 'a\\ b' } });
  });

  it('shows numbers as text and leaves out what is binary, empty of numbers or longer than 256 bytes', () => {
    const { Instance } = tagsOf([
      [0x00080012, 'OB', { b: 'AAAA' }],
      [0x00200032, 'FD', [0.1, 2]],
      [0x00204000, 'LT', 'é'.repeat(129)],
      [0x00541330, 'US', null],
    ]);
    expect(Instance.tags).toEqual({ '00200032': '0.10000000000000001\\2' });
    expect(tagsOf([[0x00204000, 'LT', 'é'.repeat(128)]]).Instance.tags).toHaveProperty('00204000');
  });

  it('keeps a tag of two levels at both', () => {
    const { Series, Instance } = tagsOf([[0x00200037, 'DS', '1\\0\\0\\0\\1\\0']]);
    expect(Series.tags).toEqual(Instance.tags);
  });

  it('keeps sequences in the full form, and their metadata in ASCII', () => {
    const item: HeaderDataSet = [[0x00400007, 'LO', 'tête']];
    const { sequences } = tagsOf([[0x00400275, 'SQ', [item]]]).Series;
    expect(sequences).toEqual({
      '0040,0275': {
        Name: 'RequestAttributesSequence',
        Type: 'Sequence',
        Value: [{ '0040,0007': { Name: 'ScheduledProcedureStepDescription', Type: 'String', Value: 'tête' } }],
      },
    });
    expect(mainSequencesMetadata(sequences ?? {})).toBe(
      '{"Sequences":{"0040,0275":{"Name":"RequestAttributesSequence","Type":"Sequence","Value":' +
        '[{"0040,0007":{"Name":"ScheduledProcedureStepDescription","Type":"String","Value":"t\\u00eate"}}]}},"Version":1}',
    );
  });

  it('takes the extra tags of the configuration', () => {
    const { Instance } = tagsOf([[0x00280010, 'US', [512]]], { Instance: ['Rows'] });
    expect(Instance.tags).toEqual({ '00280010': '512' });
  });
});

describe('instanceFacts', () => {
  const facts = (...dataset: HeaderDataSet) => instanceFacts(modelOf(dataset));

  it('takes the index from InstanceNumber as it is written, else from ImageIndex', () => {
    expect(facts([0x00200013, 'IS', '007'], [0x00541330, 'US', [3]]).indexInSeries).toBe('007');
    expect(facts([0x00541330, 'US', [3]]).indexInSeries).toBe('3');
    expect(facts([0x00200013, 'IS', ''], [0x00541330, 'US', [3]]).indexInSeries).toBe('');
    expect(facts().indexInSeries).toBeUndefined();
  });

  it.each<[string, HeaderDataSet, number | undefined]>([
    [
      'images × temporal positions',
      [
        [0x00200105, 'IS', '2'],
        [0x00201002, 'IS', '4'],
      ],
      8,
    ],
    ['images alone', [[0x00201002, 'IS', '4']], undefined],
    [
      'slices × time slices',
      [
        [0x00540081, 'US', [3]],
        [0x00540101, 'US', [2]],
      ],
      6,
    ],
    ['cardiac images', [[0x00181090, 'IS', '+5']], 5],
    [
      'images first, slices and cardiac images beside',
      [
        [0x00181090, 'IS', '5'],
        [0x00200105, 'IS', '2'],
        [0x00201002, 'IS', '4'],
        [0x00540081, 'US', [3]],
        [0x00540101, 'US', [2]],
      ],
      8,
    ],
    [
      'a first rule without a number',
      [
        [0x00181090, 'IS', '5'],
        [0x00200105, 'IS', '2'],
        [0x00201002, 'IS', 'x'],
      ],
      undefined,
    ],
    ['a count of none', [[0x00181090, 'IS', '0']], undefined],
    ['a fraction', [[0x00181090, 'IS', '5.0']], undefined],
    ['leading blanks', [[0x00181090, 'IS', ' 5']], undefined],
  ])('computes the expected instances: %s', (_name, dataset, expected) => {
    expect(facts(...dataset).expectedInstances).toBe(expected);
  });

  it.each<[string, string, number, string | undefined]>([
    [EXPLICIT, 'OW', 16, undefined],
    [EXPLICIT, 'OW', 8, 'OW'],
    [EXPLICIT, 'OB', 8, undefined],
    [EXPLICIT, 'OB', 16, 'OB'],
    [EXPLICIT, 'UN', 16, 'UN'],
    ['1.2.840.10008.1.2', 'OW', 8, undefined],
    ['1.2.840.10008.1.2.4.50', 'OW', 8, undefined],
  ])('tells the pixel data VR where it is unusual: %s %s %i', (syntax, vr, bits, expected) => {
    const model = modelOf(
      [
        [0x00280100, 'US', [bits]],
        [0x7fe00010, vr, { o: 1000, n: 4 }],
      ],
      syntax,
    );
    expect(instanceFacts(model).pixelDataVr).toBe(expected);
    expect(instanceFacts(model).pixelDataOffset).toBe(syntax === '1.2.840.10008.1.2' ? 992 : 988);
  });

  it('gives no offset into a deflated file', () => {
    const model = modelOf([[0x7fe00010, 'OW', { o: 1000, n: 4 }]], '1.2.840.10008.1.2.1.99');
    expect(instanceFacts(model).pixelDataOffset).toBeUndefined();
  });
});
