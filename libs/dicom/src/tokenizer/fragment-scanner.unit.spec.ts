import fc from 'fast-check';
import { buildInstance, TransferSyntax } from '../testing/dicom-builder.js';
import { SMALL_DICTIONARY as lookup } from '../testing/small-dictionary.js';
import { DicomFormatError } from './errors.js';
import { FragmentScanner } from './fragment-scanner.js';
import { tokenize } from './tokenize.js';

function scan(source: Buffer, cuts: readonly number[]): unknown {
  const { pixelData, dataset } = tokenize(FILE, { lookup });
  if (!pixelData) throw new Error('no pixel data');
  const scanner = new FragmentScanner(pixelData, dataset.littleEndian);
  const places = [0, ...cuts.map((cut) => cut % source.length).sort((a, b) => a - b), source.length];
  places.forEach((place, index) => scanner.push(source.subarray(places[index - 1] ?? 0, place)));
  return scanner.finish();
}

const FILE = buildInstance({
  transferSyntax: TransferSyntax.rle,
  fragments: [Buffer.alloc(0), Buffer.alloc(30, 1), Buffer.alloc(0), Buffer.alloc(6)],
});

describe('FragmentScanner', () => {
  it('finds what the tokenizer finds, however the file is cut into chunks', () => {
    const { fragments } = tokenize(FILE, { lookup }).pixelData ?? {};
    expect(fragments).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => expect(scan(FILE, cuts)).toEqual(fragments)),
    );
  });

  it('refuses the truncated files that the tokenizer refuses', () => {
    const start = tokenize(FILE, { lookup }).pixelData?.valueOffset ?? 0;
    for (let length = start; length < FILE.length; length++) {
      const cut = FILE.subarray(0, length);
      let whole: unknown;
      try {
        whole = tokenize(cut, { lookup }).pixelData?.fragments;
      } catch {
        expect(() => scan(cut, [start + 1])).toThrow(DicomFormatError);
        continue;
      }
      expect(scan(cut, [start + 1])).toEqual(whole);
    }
  });

  it('refuses other elements among the fragments', () => {
    const { valueOffset = 0 } = tokenize(FILE, { lookup }).pixelData ?? {};
    const damaged = Buffer.from(FILE);
    damaged[valueOffset + 8] = 0;
    expect(() => scan(damaged, [])).toThrow('something else than fragments');
  });
});
