import {
  type ByteRange,
  type DataElement,
  type DataSet,
  type DicomFile,
  DicomFormatError,
  FragmentWalk,
  hasLongLength,
  type HeaderModel,
  isByteRange,
  type Tag,
  tokenize,
  type TokenizerLimits,
  type VrLookup,
} from '@annal/dicom';
import { isLimit } from '@annal/projections';
import { OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import { frameError } from '../../pixels/frame-error.js';
import type { FileBytes } from './file-bytes.js';

/** FloatPixelData, DoubleFloatPixelData and PixelData. */
const PIXEL_DATA = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);
/** From this length on a value is left in the file; an explicit length of it takes four bytes. */
const LARGE = 64 * 1024;
/** So many bytes of a file are held and parsed at most, pixel data and large values apart. */
export const MAXIMUM_READ = 64 * 1024 * 1024;
/** An item's header in front of each fragment, and the delimiter behind the last one. */
const ITEM_HEADER = 8;

/** How data sets are read. */
export interface ReadOptions {
  readonly lookup: VrLookup;
  readonly limits: Partial<TokenizerLimits>;
}

/** The elements behind the pixel data, and the bytes in which they stand. */
export interface ElementsBehind {
  readonly bytes: Buffer;
  readonly file: DicomFile;
  readonly elements: readonly DataElement[];
}

/** A value that stays in the file. */
export interface LargeValue extends ByteRange {
  readonly tag: Tag;
  /** In upper case; UN where the file does not tell and DCMTK does not know. */
  readonly vr: string;
}

/**
 * The data set of a stored file, read in parts: large values and the pixel data by their places, which the stored
 * header knows, and the rest as elements. What is between them is read; so files may be as large as they like.
 */
export class StoredDataSet {
  /** Those in front of the pixel data, of the top level, in file order. */
  readonly large: readonly LargeValue[];
  readonly pixelData: LargeValue | undefined;
  private front: Promise<Buffer> | undefined;

  /** @param shift what to add to the places in `model` in order to get places in `bytes` */
  constructor(
    readonly bytes: FileBytes,
    readonly model: HeaderModel,
    shift: number,
    private readonly options: ReadOptions,
  ) {
    const ranges = model.dataset.flatMap(([tag, vr, value]) =>
      isByteRange(value) ? [{ ...value, o: value.o + shift, tag, vr: vr === vr.toUpperCase() ? vr : 'UN' }] : [],
    );
    const last = ranges.at(-1);
    this.pixelData = last && PIXEL_DATA.has(last.tag) ? last : undefined;
    this.large = ranges.filter((range) => range !== this.pixelData && range.n >= LARGE);
  }

  /** The elements in front of the pixel data, without the large ones. @throws OrthancError 413 */
  async elements(): Promise<DataSet> {
    return this.tokenize(await this.frontBytes()).dataset;
  }

  /** What stands in front of the pixel data, without the large elements: its bytes, and how they are read. @throws OrthancError 413 */
  async head(): Promise<{ readonly bytes: Buffer; readonly file: DicomFile }> {
    const bytes = await this.frontBytes();
    return { bytes, file: this.tokenize(bytes) };
  }

  /** What stands in front of the pixel data, the large elements included. @throws OrthancError 413 */
  async whole(): Promise<DicomFile> {
    return this.tokenize(await this.readFront([]));
  }

  /** The elements behind the pixel data, which no header knows; undefined when there are none. @throws OrthancError */
  async behind(): Promise<ElementsBehind | undefined> {
    if (!this.pixelData) return undefined;
    const end = await this.endOf(this.pixelData);
    if (end >= this.bytes.size) return undefined;
    const front = await this.frontBytes();
    const tail = await this.read(end, this.bytes.size, front.length);
    const bytes = Buffer.concat([front, tail]);
    const file = this.tokenize(bytes);
    const all = [...file.dataset.elements, ...(file.pixelData ? [file.pixelData] : []), ...file.trailing];
    const first = all.findIndex((element) => element.offset >= front.length);
    return first < 0 ? undefined : { bytes, file, elements: all.slice(first) };
  }

  /** How many fragments encapsulated pixel data has, the basic offset table counted. @throws OrthancError 400 */
  async countFragments({ o }: ByteRange): Promise<number> {
    return (await this.walk(o)).passed;
  }

  /** The fragment with a number; undefined when there is none. @throws OrthancError 400 */
  async fragment({ o }: ByteRange, index: number): Promise<ByteRange | undefined> {
    return (await this.walk(o, index + 1)).last;
  }

  private async endOf({ o, n, e }: ByteRange): Promise<number> {
    if (!e) return o + n;
    if (n > 0) return o + n + ITEM_HEADER;
    return (await this.walk(o)).end;
  }

  /** Goes from fragment to fragment, until `wanted` have passed or there are no more. */
  private async walk(start: number, wanted = Infinity): Promise<{ passed: number; last?: ByteRange; end: number }> {
    const { size } = this.bytes;
    const walk = new FragmentWalk(({ o, n }) => this.bytes.read(o, o + n), start, size);
    try {
      for (let passed = 0; ; passed++) {
        const last = await walk.next();
        if (!last || passed + 1 === wanted) return { passed, ...(last && { last }), end: walk.at + ITEM_HEADER };
      }
    } catch (error) {
      throw frameError(error);
    }
  }

  /** The file up to the pixel data, without the large elements. */
  private frontBytes(): Promise<Buffer> {
    this.front ??= this.readFront(this.large);
    return this.front;
  }

  /** @param without what is left out */
  private async readFront(without: readonly LargeValue[]): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let at = 0;
    let held = 0;
    for (const { tag, o, n } of this.pixelData ? [...without, this.pixelData] : without) {
      const piece = await this.read(at, o, held);
      pieces.push(piece.subarray(0, piece.length - headerLength(piece, tag)));
      held += piece.length;
      at = o + n;
    }
    if (!this.pixelData) pieces.push(await this.read(at, this.bytes.size, held));
    return Buffer.concat(pieces);
  }

  /** @param held how many bytes of the file are held already */
  private async read(start: number, end: number, held = 0): Promise<Buffer> {
    const most = MAXIMUM_READ - held;
    const known = Number.isFinite(end);
    if (known && end - start > most) throw tooMuch();
    const bytes = await this.bytes.read(start, known ? end : start + most + 1);
    if (bytes.length > most) throw tooMuch();
    return bytes;
  }

  private tokenize(bytes: Buffer): DicomFile {
    return checked(() => tokenize(bytes, this.options));
  }
}

/** How many bytes the header of an element takes whose value follows these bytes (PS3.5 section 7.1). */
function headerLength(bytes: Buffer, tag: Tag): number {
  const at = bytes.length - 12;
  if (at < 0 || !hasLongLength(bytes.readUInt16BE(at + 4))) return ITEM_HEADER;
  const tags = [
    (bytes.readUInt16LE(at) << 16) | bytes.readUInt16LE(at + 2),
    (bytes.readUInt16BE(at) << 16) | bytes.readUInt16BE(at + 2),
  ];
  return tags.some((each) => each >>> 0 === tag) ? 12 : ITEM_HEADER;
}

/** @throws OrthancError 413 for what is beyond a limit, 400 for what is damaged */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isLimit(error)) throw tooLarge((error as DicomFormatError).message);
    throw error instanceof DicomFormatError ? new OrthancError('BadFileFormat') : error;
  }
}

function tooMuch(): OrthancError {
  return tooLarge(`${MAXIMUM_READ} bytes beside the pixel data`);
}
