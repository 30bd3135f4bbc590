import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataElement } from '../dataset.js';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { differencesFromDcmdump, hasDcmdump, readWithDcmdump } from '../testing/dcmdump-reference.js';
import { differencesFromPydicom, pydicomPython, readWithPydicom } from '../testing/pydicom-reference.js';
import { DicomFormatError } from './errors.js';
import { isDicom } from './sniff.js';
import { tokenize } from './tokenize.js';

const folder = new URL('../../../../../shared/samples', import.meta.url).pathname;
const present = existsSync(folder);
const python = present ? pydicomPython() : undefined;
const dcmdump = present && hasDcmdump();
if (python === undefined && !dcmdump) {
  process.stderr.write(`NOT RUN: real files against pydicom or dcmdump (needs ${folder}, and one of them)\n`);
}

const ranges = (elements: readonly DataElement[]): unknown =>
  elements.map(({ tag, vr, offset, length }) => [tag, vr, offset, length]);
const lookup = new DicomDictionary();
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  : [];

(python === undefined ? it.skip : it)('reads real files as pydicom does, element by element', () => {
  const references = readWithPydicom(python ?? '', files);
  const differing: Record<string, readonly string[]> = {};
  files.forEach((path, index) => {
    const source = readFileSync(path);
    const reference = references[index];
    if (!reference || !isDicom(source)) return;
    const found = differencesFromPydicom(tokenize(source, { lookup }), reference, source);
    if (found.length > 0) differing[path.slice(folder.length + 1)] = found;
  });
  expect(differing).toEqual({});
});

(dcmdump ? it : it.skip)('reads real files as dcmdump does', () => {
  const differing: Record<string, readonly string[]> = {};
  for (const path of files) {
    const source = readFileSync(path);
    if (!isDicom(source)) continue;
    const found = differencesFromDcmdump(tokenize(source, { lookup }), readWithDcmdump(path));
    if (found.length > 0) differing[path.slice(folder.length + 1)] = found;
  }
  expect(differing).toEqual({});
});

(present ? it : it.skip)('gives the same header of real files when only their beginning is there', () => {
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
