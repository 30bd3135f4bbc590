import {
  type DataElement,
  type DataSet,
  type DicomDictionary,
  elementHeader,
  type ElementEncoding,
  encodeNewElement,
  HeaderScope,
  isGroupLength,
  type NewElement,
  orderedWidth,
  rewriteElement,
  type Tag,
} from '@annal/dicom';
import type { FileBytes } from '../rest/content/file-bytes.js';
import type { LargeValue } from '../rest/content/stored-data-set.js';
import type { Piece } from './pieces.js';
import { swapped } from './swapped.js';

/** The encoding of a file, and the one it gets. */
export interface Change {
  readonly from: ElementEncoding;
  readonly to: ElementEncoding;
  readonly dictionary: DicomDictionary;
}

/** An element to be written. */
export interface WrittenElement {
  readonly tag: Tag;
  readonly piece: Piece;
}

/**
 * Elements as they are to be written, without group lengths.
 * @param source the bytes in which their offsets count
 */
export function rewritten(
  elements: readonly DataElement[],
  dataset: DataSet,
  source: Buffer,
  change: Change,
): readonly WrittenElement[] {
  const scope = new HeaderScope(dataset, change.dictionary);
  return elements
    .filter(({ tag }) => !isGroupLength(tag))
    .map((element) => ({ tag: element.tag, piece: rewriteElement(element, scope, { ...change, source }) }));
}

/** A value that stays in the file, as it is to be written: its header and its bytes. */
export function rewrittenLarge(
  { tag, vr, o, n }: LargeValue,
  bytes: FileBytes,
  { from, to }: Change,
): readonly WrittenElement[] {
  const header = elementHeader(tag, writable(vr, to), n, to);
  const width = from.littleEndian === to.littleEndian ? 1 : (orderedWidth(vr) ?? 1);
  const open = async () => swapped(await bytes.stream(o, o + n), width);
  return [
    { tag, piece: header },
    { tag, piece: { size: n, open } },
  ];
}

/** New elements as they are to be written. */
export function written(elements: readonly NewElement[], to: ElementEncoding): readonly WrittenElement[] {
  return elements.map((element) => ({ tag: element[0], piece: encodeNewElement(element, to) }));
}

/** Elements in the order of their tags, new ones instead of others of their tag. */
export function merged(elements: readonly WrittenElement[], changed: readonly WrittenElement[]): readonly Piece[] {
  const tags = new Set(changed.map(({ tag }) => tag));
  const kept = elements.filter(({ tag }) => !tags.has(tag));
  return [...kept, ...changed].sort((a, b) => a.tag - b.tag).map(({ piece }) => piece);
}

/** What has no room for its length in its own representation is written as UN (PS3.5 section 6.2.2). */
function writable(vr: string, { explicit }: ElementEncoding): string {
  return explicit && !LONG.has(vr) ? 'UN' : vr;
}

const LONG = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
