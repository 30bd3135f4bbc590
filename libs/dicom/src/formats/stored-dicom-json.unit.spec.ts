import fc from 'fast-check';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { encodeHeader } from '../header/header-codec.js';
import { type HeaderDataSet, type HeaderElement } from '../header/model.js';
import { dicomJson, type DicomJsonOptions } from './dicom-json.js';
import { StoredDicomJsonWriter } from './stored-dicom-json.js';

const uriOf = (path: readonly number[]) => ({ BulkDataURI: path.join('/') });
const options: DicomJsonOptions = {
  dictionary: new DicomDictionary(),
  bulk: (_range, path) => uriOf(path),
  inline: (_base64, path) => uriOf(path),
};
const stored = (dataset: HeaderDataSet): Buffer =>
  encodeHeader({ version: 1, syntax: '1.2', meta: [[0x00020010, 'UI', '"dataset":[\\']], dataset });

const value = fc.oneof(
  fc.record({ vr: fc.constantFrom('LO', 'PN', 'UT', 'DS', 'IS', 'UN'), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ vr: fc.constantFrom('LO', 'UT'), value: fc.constantFrom('"', '\\"]', '[[', '\\', 'é]"', '') }),
  fc.record({ vr: fc.constantFrom('US', 'us', 'FD'), value: fc.array(fc.oneof(fc.nat(), fc.constant('-0'))) }),
  fc.record({ vr: fc.constant('OB'), value: fc.constantFrom(null, { b: 'YWI=' }, { o: 5, n: 3 }) }),
);
const tag = fc.constantFrom(0x00080018, 0x00100000, 0x00290010, 0x00291008, 0x7fe00010, 0xfffcfffc);
const simple = fc.tuple(tag, value).map(([number, { vr, value: content }]) => [number, vr, content] as HeaderElement);
const element = fc.oneof(
  { weight: 4, arbitrary: simple },
  fc.array(fc.array(simple, { maxLength: 3 }), { maxLength: 2 }).map((items) => [0x0040a730, 'SQ', items] as const),
);

describe('stored headers in the DICOM JSON model', () => {
  it('are written as their data sets are, whatever was written before', () => {
    const property = fc.property(fc.array(fc.array(element, { maxLength: 8 }), { maxLength: 8 }), (dataSets) => {
      const writer = new StoredDicomJsonWriter(options, 1 << 20, ([number]) => number === 0xfffcfffc);
      for (const dataSet of [...dataSets, ...dataSets]) {
        const kept = dataSet.filter(([number]) => number !== 0xfffcfffc);
        const written = Buffer.from(writer.write(stored(dataSet)), 'latin1').toString();
        expect(written).toBe(dicomJson(kept, options));
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('are refused where they are too large, or none', () => {
    const writer = (maxSize: number) => new StoredDicomJsonWriter(options, maxSize, () => false);
    const large = stored([[0x00204000, 'LT', 'x'.repeat(5000)]]);
    expect(() => writer(1000).write(large)).toThrow();
    expect(() => writer(1 << 20).write(encodeHeader({ version: 2 } as never))).toThrow('version 1');
    expect(() => writer(1 << 20).write(Buffer.from('nonsense'))).toThrow();
  });
});
