import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { type HeaderDataSet } from '../header/model.js';
import { naturalized } from './naturalized.js';

const natural = (dataset: HeaderDataSet): unknown => naturalized(dataset, new DicomDictionary());

describe('a naturalized data set', () => {
  it('has values by keyword: one as it is, several as a list', () => {
    expect(
      natural([
        [0x00080008, 'CS', 'ORIGINAL\\PRIMARY \\AXIAL'],
        [0x00080060, 'CS', 'CT'],
        [0x00100010, 'PN', 'Doe^Jane=山田'],
        [0x00180050, 'DS', '2.50'],
        [0x00200013, 'IS', '7 '],
        [0x00200032, 'DS', '-1\\2e1\\0.5'],
        [0x00280009, 'AT', [0x00181063]],
        [0x00280010, 'US', [512]],
        [0x00280106, 'ss', [-4]],
      ]),
    ).toEqual({
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      Modality: 'CT',
      PatientName: 'Doe^Jane=山田',
      SliceThickness: 2.5,
      InstanceNumber: 7,
      ImagePositionPatient: [-1, 20, 0.5],
      FrameIncrementPointer: '00181063',
      Rows: 512,
      SmallestImagePixelValue: -4,
    });
  });

  it('has the items of sequences', () => {
    const measures: HeaderDataSet = [[0x00280030, 'DS', '1\\2']];
    expect(natural([[0x52009229, 'SQ', [[[0x00289110, 'SQ', [measures]]], []]]])).toEqual({
      SharedFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{ PixelSpacing: [1, 2] }] }, {}],
    });
  });

  it('lacks what is empty, private, unknown or bytes', () => {
    expect(
      natural([
        [0x00080000, 'UL', [4]],
        [0x00081030, 'LO', ''],
        [0x00081140, 'SQ', []],
        [0x00090010, 'LO', 'ACME'],
        [0x00091001, 'LO', 'x'],
        [0x00181234, 'LO', 'x'],
        [0x00280010, 'US', null],
        [0x00282000, 'OB', { b: 'AAE=' }],
        [0x7fe00010, 'OW', { o: 1, n: 2 }],
      ]),
    ).toEqual({});
  });

  it('takes no keyword for more than a name', () => {
    expect(JSON.stringify(natural([[0x00100020, 'LO', '__proto__']]))).toBe('{"PatientID":"__proto__"}');
  });
});
