import { DicomDictionary } from '@annal/dicom';
import { nativeDicomXml } from './native-dicom-xml.js';

describe('the Native DICOM Model', () => {
  const xml = nativeDicomXml(
    {
      '60003000': { vr: 'OW', InlineBinary: 'AAA=' },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A&B^^C', Phonetic: 'x' }] },
      '00081115': { vr: 'SQ', Value: [{ '0020000E': { vr: 'UI', Value: ['1.2'] } }] },
      '00180050': { vr: 'DS', Value: [1.5, null] },
      '00080090': { vr: 'PN' },
      '7FE00010': { vr: 'OW', BulkDataURI: 'http://x/?a="b"' },
    },
    new DicomDictionary(),
  );

  it('has attributes in ascending order with their keywords', () => {
    expect([...xml.matchAll(/\n {2}<DicomAttribute tag="(\w+)"/g)].map(([, tag]) => tag)).toEqual([
      '00080090',
      '00081115',
      '00100010',
      '00180050',
      '60003000',
      '7FE00010',
    ]);
    expect(xml).toContain('<DicomAttribute tag="00081115" vr="SQ" keyword="ReferencedSeriesSequence">');
  });

  it('takes person names apart', () => {
    expect(xml).toContain('<FamilyName>A&amp;B</FamilyName>');
    expect(xml).toContain('<MiddleName>C</MiddleName>');
    expect(xml).not.toContain('GivenName');
    expect(xml).toMatch(/<Phonetic>\s*<FamilyName>x</);
  });

  it('numbers values and items from 1', () => {
    expect(xml).toContain('<Item number="1">');
    expect(xml).toContain('<Value number="1">1.5</Value>\n    <Value number="2"></Value>');
  });

  it('carries bytes inline or by reference', () => {
    expect(xml).toContain('<InlineBinary>AAA=</InlineBinary>');
    expect(xml).toContain('<BulkData uri="http://x/?a=&quot;b&quot;" />');
  });
});
