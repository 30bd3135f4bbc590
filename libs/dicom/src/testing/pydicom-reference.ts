import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type DataElement, type DataSet, type DicomFile, type Tag } from '../dataset.js';
import { numbersOf } from '../values/numbers.js';
import { splitValues, textOf } from '../values/text.js';

/** An element as pydicom reads it: values of text and numbers, items, or the SHA-1 of bytes. */
export type ReferenceElement = readonly [
  tag: Tag,
  vr: string,
  value: string | readonly (string | ReferenceElement[])[],
];

/** A file as pydicom reads it. */
export type Reference =
  | { readonly meta: readonly ReferenceElement[]; readonly dataset: readonly ReferenceElement[] }
  | { readonly error: string };

/** Where a Python with pydicom may be: PYDICOM_PYTHON in the environment, else the system's. */
export function pydicomPython(): string | undefined {
  const candidates = [process.env['PYDICOM_PYTHON'], 'python3'].filter((each) => each !== undefined);
  return candidates.find((python) => spawnSync(python, ['-c', 'import pydicom']).status === 0);
}

/** What pydicom reads of these files, in their order. */
export function readWithPydicom(python: string, files: readonly string[]): readonly Reference[] {
  const script = new URL('pydicom-dump.py', import.meta.url).pathname;
  const run = spawnSync(python, [script], { input: files.join('\n'), maxBuffer: 1 << 28, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Reference);
}

const NUMBERS = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'UV', 'SV', 'AT']);
/** Values without padding and without empty component groups at the end of names, which pydicom drops. */
const trimmed = (values: readonly string[]): readonly string[] => {
  const plain = values.map((value) => value.replace(/^[\0 ]+|[\0 ]+$/g, '').replace(/=+$/, ''));
  return plain.every((value) => value === '') ? [] : plain;
};

function bytesOf(element: DataElement, source: Buffer): Buffer {
  return element.bytes ?? source.subarray(element.valueOffset, element.valueOffset + element.length);
}

function elementDifferences(
  mine: DataElement,
  dataset: DataSet,
  reference: ReferenceElement,
  source: Buffer,
): string[] {
  const [tag, vr, value] = reference;
  const name = `${tag.toString(16).padStart(8, '0')} ${mine.vr}/${vr}`;
  const groupLength = (tag & 0xffff) === 0;
  if (mine.vr !== vr && mine.vr !== 'UN' && !groupLength && !/^(US|SS|OW|OB)$/.test(vr))
    return [`${name}: representation`];
  if (mine.items || vr === 'SQ') {
    const items = value as readonly ReferenceElement[][];
    if (mine.items?.length !== items.length) return [`${name}: ${mine.items?.length} items instead of ${items.length}`];
    return mine.items.flatMap((item, index) => differences(item.elements, item, items[index] ?? [], source));
  }
  if (typeof value === 'string') {
    const sha1 = createHash('sha1').update(bytesOf(mine, source)).digest('hex');
    return sha1 === value ? [] : [`${name}: other bytes`];
  }
  const read = NUMBERS.has(vr)
    ? numbersOf(mine, dataset, vr).map(String)
    : trimmed(splitValues(textOf(mine, dataset, 'Latin1', vr), vr));
  const expected = NUMBERS.has(vr) ? value.map((each) => String(Number(each))) : trimmed(value as readonly string[]);
  return JSON.stringify(read) === JSON.stringify(expected)
    ? []
    : [`${name}: ${JSON.stringify(read).slice(0, 200)} instead of ${JSON.stringify(expected).slice(0, 200)}`];
}

function differences(
  elements: readonly DataElement[],
  dataset: DataSet,
  reference: readonly ReferenceElement[],
  source: Buffer,
): string[] {
  const mine = new Map(elements.map((element) => [element.tag, element]));
  const theirs = new Set(reference.map(([tag]) => tag));
  const surplus = [...mine.keys()].filter((tag) => !theirs.has(tag)).map((tag) => `${tag.toString(16)}: surplus`);
  const found = reference.flatMap((each) => {
    const element = mine.get(each[0]);
    return element ? elementDifferences(element, dataset, each, source) : [`${each[0].toString(16)}: missing`];
  });
  return [...surplus, ...found];
}

/** Every place where a tokenized file differs from what pydicom reads. */
export function differencesFromPydicom(file: DicomFile, reference: Reference, source: Buffer): string[] {
  if ('error' in reference) return [];
  const { dataset, pixelData, trailing } = file;
  const all = [...dataset.elements, ...(pixelData ? [pixelData] : []), ...trailing];
  return [
    ...differences(file.meta.elements, file.meta, reference.meta, source),
    ...differences(all, dataset, reference.dataset, source),
  ];
}
