import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataElement } from '../dataset.js';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { differencesFromPydicom, pydicomPython, readWithPydicom } from '../testing/pydicom-reference.js';
import { DicomFormatError } from './errors.js';
import { isDicom } from './sniff.js';
import { tokenize } from './tokenize.js';

const folder = new URL('../../../../../shared/samples', import.meta.url).pathname;
const python = existsSync(folder) ? pydicomPython() : undefined;
if (python === undefined) {
  process.stderr.write(`NOT RUN: real files against pydicom (needs ${folder} and a Python with pydicom)\n`);
}

const ranges = (elements: readonly DataElement[]): unknown =>
  elements.map(({ tag, vr, offset, length }) => [tag, vr, offset, length]);
const lookup = new DicomDictionary();
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  : [];

(python === undefined ? describe.skip : describe)('real files', () => {
  it('are read as pydicom reads them, element by element', () => {
    const references = readWithPydicom(python ?? '', files);
    const differing: Record<string, readonly string[]> = {};
    let compared = 0;
    files.forEach((path, index) => {
      const source = readFileSync(path);
      const reference = references[index];
      if (!reference || !isDicom(source)) return;
      const found = differencesFromPydicom(tokenize(source, { lookup }), reference, source);
      if (found.length > 0) differing[path.slice(folder.length + 1)] = found;
      compared++;
    });
    expect(differing).toEqual({});
    expect(compared).toBeGreaterThan(files.length * 0.9);
  });

  it('give the same header when only their beginning is there', () => {
    for (const path of files) {
      const source = readFileSync(path);
      const whole = isDicom(source) ? tokenize(source, { lookup }) : undefined;
      if (!whole?.pixelData || whole.transferSyntaxUid === '1.2.840.10008.1.2.1.99') continue;
      const prefix = source.subarray(0, whole.pixelData.valueOffset);
      const part = tokenize(prefix, { lookup, totalLength: source.length });
      expect(ranges(part.dataset.elements)).toEqual(ranges(whole.dataset.elements));
      expect(part.pixelData?.valueOffset).toBe(whole.pixelData.valueOffset);
      const shorter = (): unknown => tokenize(prefix.subarray(0, -20), { lookup, totalLength: source.length });
      expect(shorter).toThrow(DicomFormatError);
    }
  });
});
