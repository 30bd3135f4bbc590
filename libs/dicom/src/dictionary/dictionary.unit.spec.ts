import { DicomDictionary } from './dicom-dictionary.js';
import { UNKNOWN_TAG_NAME } from './entry.js';

describe('DicomDictionary', () => {
  const dictionary = new DicomDictionary();

  it('knows standard elements with their representation and multiplicity', () => {
    expect(dictionary.lookup(0x00100010)).toMatchObject({ keyword: 'PatientName', vr: 'PN', vm: '1', retired: false });
    expect(dictionary.lookup(0x00200037)).toMatchObject({ keyword: 'ImageOrientationPatient', vr: 'DS', vm: '6' });
    expect(dictionary.vrOf(0x7fe00010)).toBe('OB');
  });

  it('takes the first of several representations and tells all of them', () => {
    expect(dictionary.lookup(0x00280106)).toMatchObject({ vr: 'US', alternatives: ['US', 'SS'] });
  });

  it('knows every group of the repeating ones', () => {
    expect(dictionary.lookup(0x60003000)?.keyword).toBe('OverlayData');
    expect(dictionary.lookup(0x601e3000)?.keyword).toBe('OverlayData');
    expect(dictionary.nameOf(0x50020005)).toBe('RETIRED_CurveDimensions');
    expect(dictionary.lookup(0x60013000)).toBeUndefined();
    expect(dictionary.nameOf(0x7f020010)).toBe('RETIRED_VariablePixelData');
  });

  it.each([
    [0x00101000, 'OtherPatientIDs'],
    [0x00321060, 'RequestedProcedureDescription'],
    [0x00200030, 'RETIRED_ImagePosition'],
    [0x00080000, 'GenericGroupLength'],
    [0x00020000, 'FileMetaInformationGroupLength'],
    [0x00090000, 'PrivateGroupLength'],
    [0x00090010, 'PrivateCreator'],
    [0x00090001, UNKNOWN_TAG_NAME],
    [0x00110022, 'PrivateCreator'],
    [0x12345678, UNKNOWN_TAG_NAME],
  ])('names %i as Orthanc does: %s', (tag, name) => {
    expect(dictionary.nameOf(tag)).toBe(name);
  });

  it('reads tags in every form that requests use', () => {
    for (const text of ['0010,0010', '0010-0010', '00100010', 'PatientName']) {
      expect(dictionary.parseTag(text)).toEqual({ tag: 0x00100010 });
    }
    expect(dictionary.parseTag('0020,000D')).toEqual({ tag: 0x0020000d });
    expect(dictionary.parseTag('RETIRED_OtherPatientIDs')).toEqual(dictionary.parseTag('OtherPatientIDs'));
    for (const text of ['patientname', '', '0010,001', '0010 0010', 'constructor']) {
      expect(dictionary.parseTag(text)).toBeUndefined();
    }
  });

  it('finds private elements by their creator, in any block', () => {
    expect(dictionary.nameOf(0x00291010, 'SIEMENS CSA HEADER')).toBe('CSAImageHeaderInfo');
    expect(dictionary.nameOf(0x00291110, 'SIEMENS CSA HEADER')).toBe(
      dictionary.nameOf(0x00291010, 'SIEMENS CSA HEADER'),
    );
    expect(dictionary.lookup(0x00291010, 'constructor')).toBeUndefined();
    expect(dictionary.lookup(0x00291010)).toBeUndefined();
    expect(
      new DicomDictionary({ loadPrivateDictionary: false }).lookup(0x00291010, 'SIEMENS CSA HEADER'),
    ).toBeUndefined();
  });

  it('gives private elements that DCMTK does not know a representation but no name', () => {
    const entry = dictionary.lookup(0x70531000, 'Philips PET Private Group');
    expect(entry).toMatchObject({ vr: 'DS', keyword: 'SUVScaleFactor', name: UNKNOWN_TAG_NAME, supplementary: true });
    expect(dictionary.parseTag('SUVScaleFactor')).toBeUndefined();
  });

  it('uses the default creator where none is known', () => {
    const withDefault = new DicomDictionary({ defaultPrivateCreator: 'SIEMENS CSA HEADER' });
    expect(withDefault.nameOf(0x00291010)).toBe('CSAImageHeaderInfo');
  });
});

describe('the option Dictionary', () => {
  const dictionary = new DicomDictionary({
    dictionary: {
      '0014,1020': ['DA', 'ValidationExpiryDate', 1, 1],
      '7053,1003': ['ST', 'Original Image Filename', 1, 1, 'Acme Private Group'],
      '2001,5f': ['SQ', 'StackSequence', 1, 0, 'Acme Imaging 001'],
      '4321,1012': ['LO', 'WithoutCreator'],
    },
  });

  it('adds and replaces elements', () => {
    expect(dictionary.lookup(0x00141020)).toMatchObject({ vr: 'DA', vm: '1', keyword: 'ValidationExpiryDate' });
    expect(dictionary.parseTag('ValidationExpiryDate')).toEqual({ tag: 0x00141020 });
    expect(dictionary.lookup(0x20011a5f, 'Acme Imaging 001')).toMatchObject({ vr: 'SQ', vm: '1-n' });
    expect(dictionary.vrOf(0x43211012)).toBe('LO');
  });

  it('names private elements, with their creator', () => {
    expect(dictionary.parseTag('Original Image Filename')).toEqual({
      tag: 0x70531003,
      privateCreator: 'Acme Private Group',
    });
  });

  it('refuses entries that are none, by name', () => {
    expect(() => new DicomDictionary({ dictionary: { '0014': ['DA', 'X'] } })).toThrow('0014');
    expect(() => new DicomDictionary({ dictionary: { '0014,1020': ['Date', 'X'] } })).toThrow('0014,1020');
  });
});

describe('external dictionaries', () => {
  const text =
    '# comment\n(0014,4056)\tLT\tCouplingMedium\t1\tDICONDE\n(0099-o-00ff,"ACME",01)\tDS\tAcmeFactor\t1-n\tPrivateTag\n';

  it('add standard and private elements, ranges of groups included', () => {
    const dictionary = new DicomDictionary({ externalDictionaries: [text] });
    expect(dictionary.vrOf(0x00144056)).toBe('LT');
    expect(dictionary.lookup(0x00a11001, 'ACME')).toMatchObject({ vr: 'DS', vm: '1-n', name: 'AcmeFactor' });
    expect(dictionary.lookup(0x01011001, 'ACME')).toBeUndefined();
  });

  it('are refused with the number of the line that is wrong', () => {
    expect(() => new DicomDictionary({ externalDictionaries: ['# x\nnonsense'] })).toThrow('line 2');
  });
});
