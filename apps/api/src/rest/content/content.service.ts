import {
  type DicomDictionary,
  followRawPath,
  isFilledUp,
  itemNumber,
  paddedLength,
  type RawNode,
  rawSwap,
  rawValue,
  type Tag,
  tagHex,
  tagsInOrder,
  textPadding,
} from '@annal/dicom';
import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { notFound, OrthancError } from '../../http/errors/http-errors.js';
import { DICTIONARY } from '../../tokens.js';
import { rawStream } from './raw-stream.js';
import type { LargeValue, StoredDataSet } from './stored-data-set.js';
import { StoredDataSets } from './stored-data-sets.js';

const PIXEL_DATA: Tag = 0x7fe00010;
/** How much of a long text is looked at at once for where its padding begins. */
const TEXT_END = 64 * 1024;

/** A value that is read while it is sent. */
export interface StreamedValue {
  /** Bytes. */
  readonly size: number;
  open(): Promise<Readable>;
  /** The bytes from `start` to `end` (exclusive), where they need not be read from the beginning. */
  part?(start: number, end: number): Promise<Readable>;
}

/** The names below a data set or sequence, or a value. */
export type Content = readonly string[] | Buffer | StreamedValue;

/** What stands in a file under a path of tags and item numbers, as it stands there. */
@Injectable()
export class ContentService {
  constructor(
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(StoredDataSets) private readonly dataSets: StoredDataSets,
  ) {}

  /**
   * @param path tags, each written in one of Orthanc's ways, and numbers of items by turns
   * @throws OrthancError 404 for an unknown instance, 500 for what is no tag; BareStatus 404 where there is nothing
   */
  async at(id: string, path: readonly string[]): Promise<Content> {
    const stored = await this.dataSets.open(id);
    const [first, second] = path;
    if (first === undefined) return this.topLevel(stored);
    const { pixelData } = stored;
    // a special case in Orthanc: pixel data looks like a sequence of its fragments
    if (path.length <= 2 && this.tagOf(first) === PIXEL_DATA && pixelData?.tag === PIXEL_DATA) {
      return this.pixelData(stored, pixelData, second);
    }
    const front = await stored.elements();
    const node = followRawPath(front, path, this.tagOf);
    if (node) return contentOf(node);
    if (second !== undefined && itemNumber(second) === undefined) throw notFound();
    const tag = this.tagOf(first);
    const value = [...stored.large, pixelData].find((each) => each?.tag === tag);
    if (value && second === undefined) return largeValue(stored, value, front.littleEndian);
    if (value || front.elements.some((element) => element.tag === tag)) throw notFound();
    return this.behind(stored, path);
  }

  private async topLevel(stored: StoredDataSet): Promise<readonly string[]> {
    const behind = await stored.behind();
    const tags = [...stored.model.dataset.map(([tag]) => tag), ...(behind?.elements ?? []).map(({ tag }) => tag)];
    return namesOf(tags);
  }

  private async behind(stored: StoredDataSet, path: readonly string[]): Promise<Content> {
    const behind = await stored.behind();
    if (!behind) throw notFound();
    const { littleEndian, characterSets } = behind.file.dataset;
    const node = followRawPath({ elements: behind.elements, littleEndian, characterSets }, path, this.tagOf);
    if (!node) throw notFound();
    return contentOf(node);
  }

  private async pixelData(stored: StoredDataSet, value: LargeValue, block: string | undefined): Promise<Content> {
    if (block === undefined) {
      const count = value.e ? await stored.countFragments(value) : 1;
      return Array.from({ length: count }, (_, index) => String(index));
    }
    const number = itemNumber(block);
    if (number === undefined || number < 0n || number > 0xffff_ffffn) throw notFound();
    if (!value.e) {
      if (number !== 0n) throw notFound();
      return largeValue(stored, value, (await stored.elements()).littleEndian);
    }
    const fragment = await stored.fragment(value, Number(number));
    if (!fragment) throw notFound();
    const { o, n } = fragment;
    return { size: n, open: () => stored.bytes.stream(o, o + n) };
  }

  private readonly tagOf = (text: string): Tag => {
    const named = this.dictionary.parseTag(text);
    if (!named) throw new OrthancError('UnknownDicomTag', text, 500);
    return named.tag;
  };
}

function contentOf(node: RawNode): Content {
  if ('items' in node) return node.items.map((_, index) => String(index));
  if (!('element' in node)) return namesOf(node.dataset.elements.map(({ tag }) => tag));
  const { element, dataset } = node;
  // encapsulated pixel data within an item
  if (!element.bytes) throw notFound();
  return rawValue(element.bytes, element.vr, dataset.littleEndian);
}

async function largeValue(stored: StoredDataSet, value: LargeValue, littleEndian: boolean): Promise<StreamedValue> {
  const { o, vr } = value;
  const filledUp = isFilledUp(vr, value.n);
  const n = filledUp ? value.n : await unpaddedLength(stored, value);
  const swap = rawSwap(vr, littleEndian);
  const open = async (): Promise<Readable> => rawStream(await stored.bytes.stream(o, o + n), swap, filledUp);
  const part = (start: number, end: number): Promise<Readable> => stored.bytes.stream(o + start, o + end);
  return { size: n + (filledUp ? 1 : 0), open, ...(swap === 1 && !filledUp && { part }) };
}

/** How long a value is without the padding that is superfluous. */
async function unpaddedLength({ bytes }: StoredDataSet, { o, n, vr }: LargeValue): Promise<number> {
  const padding = textPadding(vr);
  if (padding === undefined) return n;
  for (let end = n; end > 0;) {
    const start = Math.max(0, end - TEXT_END);
    const chunk = await bytes.read(o + start, o + end);
    let length = chunk.length;
    while (length > 0 && chunk[length - 1] === padding) length--;
    if (length > 0) return paddedLength(start + length);
    end = start;
  }
  return 0;
}

/** As Orthanc lists tags: `0010-0010`. */
function namesOf(tags: readonly Tag[]): readonly string[] {
  return tagsInOrder(tags).map((tag) => `${tagHex(tag).slice(0, 4)}-${tagHex(tag).slice(4)}`);
}
