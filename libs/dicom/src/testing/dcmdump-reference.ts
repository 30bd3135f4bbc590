import { spawnSync } from 'node:child_process';
import { type DataElement, type DicomFile } from '../dataset.js';
import { formatTag } from '../dictionary/tag-text.js';

/** Whether DCMTK's dcmdump is installed. */
export function hasDcmdump(): boolean {
  return spawnSync('dcmdump', ['--version']).status === 0;
}

/** An element as dcmdump prints it; length and value are unknown where the value has line breaks or is cut. */
interface PrintedElement {
  readonly tag: string;
  readonly length?: string;
  readonly text?: string;
}

const START = /^ *\(([0-9a-f]{4},[0-9a-f]{4})\) /;
const LENGTH = /# +(\d+|u\/l),/;
const TEXT = /^ *\(.{9}\) .. \[(.*)\] +# /;
/** Longer values are cut by dcmdump. */
const LONGEST_TEXT = 60;

/** Every element but delimiters, in the order of their tags. */
export function readWithDcmdump(path: string): readonly PrintedElement[] {
  const { stdout } = spawnSync('dcmdump', ['-q', '-Un', path], { encoding: 'latin1', maxBuffer: 1 << 28 });
  return stdout.split('\n').flatMap((line) => {
    const tag = START.exec(line)?.[1];
    if (tag === undefined || tag.startsWith('fffe')) return [];
    return [{ tag, length: LENGTH.exec(line)?.[1], text: TEXT.exec(line)?.[1]?.trim() }];
  });
}

/** The values of PN elements, in Unicode. */
export function namesFromDcmdump(path: string): readonly string[] {
  const { stdout } = spawnSync('dcmdump', ['-q', '+U8', path], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => /^ *\(.{9}\) PN \[(.*)\] +# /.exec(line)?.[1]?.trim() ?? []);
}

/** All elements with those of items, sorted; of duplicates the first one. */
function flat(elements: readonly DataElement[]): DataElement[] {
  const first = new Map(elements.toReversed().map((element) => [element.tag, element]));
  const sorted = [...first.values()].toSorted((a, b) => a.tag - b.tag);
  return sorted.flatMap((element) => [element, ...(element.items ?? []).flatMap((item) => flat(item.elements))]);
}

function agrees(element: DataElement, printed: PrintedElement): boolean {
  const length = element.undefinedLength ? 'u/l' : String(element.length);
  if (formatTag(element.tag) !== printed.tag || (printed.length ?? length) !== length) return false;
  if (printed.text === undefined || element.length > LONGEST_TEXT) return true;
  return element.bytes?.toString('latin1').replaceAll('\0', '').trim() === printed.text.replaceAll('\0', '');
}

/** The places where a tokenized file differs from what dcmdump prints. */
export function differencesFromDcmdump(file: DicomFile, printed: readonly PrintedElement[]): readonly string[] {
  const { meta, dataset, pixelData, trailing } = file;
  const all = [...dataset.elements, ...(pixelData ? [pixelData] : []), ...trailing];
  const mine = [...flat(meta.elements), ...flat(all)];
  const differing = printed.filter((each, index) => !mine[index] || !agrees(mine[index], each));
  if (mine.length !== printed.length) return [`${mine.length} elements instead of ${printed.length}`];
  return differing.map((each) => JSON.stringify(each)).slice(0, 5);
}
