import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { headerModel } from '../header/header-model.js';
import { pydicomPython } from '../testing/pydicom-reference.js';
import { tokenize } from '../tokenizer/tokenize.js';
import { dicomJson } from './dicom-json.js';

const SAMPLES = new URL('../../../../../shared/samples', import.meta.url).pathname;
const PROGRAM = `
import json, sys, warnings, pydicom
warnings.simplefilter('ignore')
for path in sys.argv[1:]:
    try:
        dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        values = dataset.to_json_dict(bulk_data_threshold=1 << 40, suppress_invalid_tags=True)
        print(json.dumps({'path': path, 'dataset': values}))
    except Exception:
        pass
`;

const python = pydicomPython();
const runs = existsSync(SAMPLES) && python !== undefined;
if (!runs) {
  process.stderr.write(
    `NOT RUN: DICOM JSON against pydicom needs files in ${SAMPLES} and a Python with pydicom (PYDICOM_PYTHON=…)\n`,
  );
}

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** What both may write in two ways: no value, empty values, padding, and the group lengths that only pydicom writes. */
function normalise(value: Json): Json {
  if (typeof value === 'string') return value.replace(/[\0 ]+$/, '') || null;
  if (Array.isArray(value)) return value.map(normalise);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([key, member]) => !/^[0-9A-F]{4}0000$/.test(key) && !(Array.isArray(member) && member.length === 0))
    .map(([key, member]) => [key, normalise(member)] as const);
  const { vr, Value, ...rest } = Object.fromEntries(entries) as Record<string, Json>;
  // pydicom makes numbers of decimal strings, where it can
  const isDecimal = vr === 'DS' && Array.isArray(Value);
  const numbers = isDecimal && Value.map((text: Json) => (text === null ? null : (Number(text) ?? text)));
  return { ...rest, ...(vr !== undefined && { vr }), ...(Value !== undefined && { Value: numbers || Value }) };
}

function ours(path: string, dictionary: DicomDictionary): Record<string, Json> {
  const limits = { text: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER };
  const file = tokenize(readFileSync(path), { lookup: dictionary });
  const { dataset } = headerModel(file, { dictionary, defaultEncoding: 'Latin1', limits });
  const header = dataset.filter(([tag]) => tag < 0x7fe00010);
  return normalise(JSON.parse(dicomJson(header, { dictionary })) as Json) as Record<string, Json>;
}

(runs ? describe : describe.skip)('dicomJson beside pydicom', () => {
  it('reads every value of the sample files as pydicom does', () => {
    const dictionary = new DicomDictionary();
    const paths = readdirSync(SAMPLES, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(png|pdf)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    const output = execFileSync(python ?? '', ['-c', PROGRAM, ...paths], {
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = output.toString().trim().split('\n');
    expect(lines.length).toBeGreaterThan(80);
    for (const line of lines) {
      const { path, dataset } = JSON.parse(line) as { path: string; dataset: Json };
      const expected = normalise(dataset) as Record<string, Json>;
      // pydicom leaves out what it can't convert, and so says nothing about it.
      const read = Object.entries(ours(path, dictionary)).filter(([tag]) => tag in expected);
      expect({ path, dataset: Object.fromEntries(read) }).toEqual({ path, dataset: expected });
    }
  });
});
