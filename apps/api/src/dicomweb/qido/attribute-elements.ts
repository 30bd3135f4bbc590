import {
  type DicomDictionary,
  findElement,
  type FullTag,
  type HeaderDataSet,
  type HeaderElement,
  type HeaderModel,
  isTextVr,
  itemsOf,
  numericValues,
  type OrthancTags,
  parseHexTag,
} from '@annal/dicom';
import type { AttributePath } from '@annal/dicomweb';

const NUMBERS = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD']);

/** An attribute of which the index keeps the text, as an element. undefined where it has no text in DICOM. */
export function elementOfText(tag: number, text: string, dictionary: DicomDictionary): HeaderElement | undefined {
  const vr = dictionary.vrOf(tag) ?? 'LO';
  if (isTextVr(vr)) return [tag, vr, text];
  const values = text === '' ? [] : text.split('\\');
  if (NUMBERS.has(vr)) return [tag, vr, values.map(Number).filter(Number.isFinite)];
  if (vr === 'AT') return [tag, vr, values.map(parseHexTag).filter((value) => value !== undefined)];
  return undefined;
}

/** A sequence of which the index keeps the items in the form `full`, as an element. */
export function elementOfSequence(
  tag: number,
  items: readonly OrthancTags[],
  dictionary: DicomDictionary,
): HeaderElement {
  return [tag, 'SQ', items.map((item) => dataSetOf(item, dictionary))];
}

function dataSetOf(item: OrthancTags, dictionary: DicomDictionary): HeaderDataSet {
  return Object.entries(item).flatMap(([name, shown]) => {
    const tag = parseHexTag(name)!;
    const { Value } = shown as FullTag;
    const element =
      typeof Value === 'string'
        ? elementOfText(tag, Value, dictionary)
        : Value && elementOfSequence(tag, Value, dictionary);
    return element ? [element] : [];
  });
}

/** An attribute of a header, unless it is binary or left in the file: a search shows what can be read. */
export function elementOfHeader(tag: number, { dataset }: HeaderModel): HeaderElement | undefined {
  const element = findElement(dataset, tag);
  return element && readable(element);
}

function readable(element: HeaderElement): HeaderElement | undefined {
  const [tag, vr, value] = element;
  const items = itemsOf(element);
  if (items) {
    const shown = items.map((item) => item.map(readable).filter((each) => each !== undefined));
    return [tag, vr, shown];
  }
  return typeof value === 'string' || numericValues(element) ? element : undefined;
}

/** What is left of a sequence where only some attributes of its items were asked for. */
export function narrowed(element: HeaderElement, within: readonly AttributePath[]): HeaderElement {
  const items = itemsOf(element);
  if (!items) return element;
  return [element[0], 'SQ', items.map((item) => item.flatMap((each) => partOf(each, within)))];
}

function partOf(element: HeaderElement, within: readonly AttributePath[]): readonly HeaderElement[] {
  const here = within.filter(([tag]) => tag === element[0]);
  if (here.length === 0) return [];
  if (here.some((path) => path.length === 1)) return [element];
  return [
    narrowed(
      element,
      here.map((path) => path.slice(1)),
    ),
  ];
}
