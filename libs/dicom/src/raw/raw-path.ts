import { type DataElement, type DataSet, type Tag } from '../dataset.js';

/** What a path of tags and item numbers leads to: a data set, the items of a sequence, or a value. */
export type RawNode =
  | { readonly dataset: DataSet }
  | { readonly items: readonly DataSet[] }
  | { readonly element: DataElement; readonly dataset: DataSet };

/** What numbers the last item of a sequence for DCMTK; Orthanc takes numbers modulo 2 to the power of 64. */
const LAST = -1n;

/**
 * Follows a path such as `0008-1250/0/0040-a170` from a data set down.
 * @param parseTag reads a tag or name, and throws where there is none
 * @returns undefined where the path leads to nothing
 */
export function followRawPath(
  root: DataSet,
  path: readonly string[],
  parseTag: (text: string) => Tag,
): RawNode | undefined {
  let dataset = root;
  for (let at = 0; at + 1 < path.length; at += 2) {
    const number = itemNumber(path[at + 1]!);
    if (number === undefined) return undefined;
    const item = itemAt(firstWith(dataset, parseTag(path[at]!))?.items, number);
    if (!item) return undefined;
    dataset = item;
  }
  if (path.length % 2 === 0) return { dataset };
  const element = firstWith(dataset, parseTag(path.at(-1)!));
  if (!element) return undefined;
  return isSequence(element) ? { items: element.items ?? [] } : { element, dataset };
}

/** The tags of a data set in ascending order, each once: for DCMTK a data set has one element of a tag, the first. */
export function tagsInOrder(tags: readonly Tag[]): readonly Tag[] {
  return [...new Set(tags)].sort((a, b) => a - b);
}

/** The number of an item as C++ reads an unsigned 64-bit number, signed; undefined when it is none. */
export function itemNumber(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const number = BigInt(text.replace('+', ''));
  const absolute = number < 0n ? -number : number;
  return absolute < 1n << 64n ? BigInt.asIntN(64, number) : undefined;
}

function itemAt(items: readonly DataSet[] | undefined, number: bigint): DataSet | undefined {
  if (!items || number < LAST) return undefined;
  return number === LAST ? items.at(-1) : items[Number(number)];
}

function firstWith(dataset: DataSet, tag: Tag): DataElement | undefined {
  return dataset.elements.find((element) => element.tag === tag);
}

function isSequence(element: DataElement): boolean {
  return element.items !== undefined || element.vr === 'SQ';
}
