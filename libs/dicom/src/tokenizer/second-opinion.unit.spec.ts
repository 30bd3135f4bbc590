import dcmjs from 'dcmjs';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { tagHex } from '../dictionary/tag-text.js';
import { buildInstance, TransferSyntax } from '../testing/dicom-builder.js';
import { valuesOf } from '../values/index.js';
import { tokenize } from './tokenize.js';

const SYNTAXES = [
  TransferSyntax.implicitLittleEndian,
  TransferSyntax.explicitLittleEndian,
  TransferSyntax.explicitBigEndian,
];

/** An independent reader sees the same elements and texts. */
describe('dcmjs as a second opinion', () => {
  beforeAll(() => dcmjs.log.setLevel('error'));

  it.each(SYNTAXES)('reads the same texts of a file in %s', (transferSyntax) => {
    const file = buildInstance({ transferSyntax, patientName: 'Doe^Jane', studyDescription: 'Head', pixelBytes: 64 });
    const copy = new Uint8Array(file).buffer;
    const { dict } = dcmjs.data.DicomMessage.readFile(copy, { noCopy: true });
    const { dataset } = tokenize(file, { lookup: new DicomDictionary() });
    const texts = dataset.elements.filter(({ vr }) => ['CS', 'DA', 'LO', 'SH', 'TM', 'UI'].includes(vr));
    expect(texts.length).toBeGreaterThan(8);
    for (const element of texts) {
      const theirs = dict[tagHex(element.tag).toUpperCase()]!;
      // dcmjs has one empty value where the element is empty
      const values = theirs.Value.map(String).filter((value) => value !== '');
      expect([element.vr, ...valuesOf(element, dataset, 'Latin1')]).toEqual([theirs.vr, ...values]);
    }
  });
});
