import {
  type ByteRange,
  checkFrame,
  dataSetOffset,
  EncapsulatedFrames,
  EXPLICIT_BIG_ENDIAN,
  type FrameLocation,
  type HeaderModel,
  type ImageDescription,
  imageDescription,
  isDeflated,
  isEncapsulated,
  littleEndianBytes,
  memoryOf,
  nativeLocation,
  numberOfFrames,
  type Palette,
  PixelDataError,
  pixelDataRange,
  readPalette,
  storedFrameBits,
  swapWidth,
} from '@annal/dicom';
import { between } from '@annal/platform';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { passing } from '../load/passing.js';
import { IN_ONE_PIECE, type SentBytes } from '../http/answers/sent-bytes.js';
import { complete } from '../http/answers/complete.js';
import type { InstanceFileService, StoredFile } from '../rest/instances/instance-file.service.js';
import { Deadline } from './deadline.js';
import { ForwardReader } from './forward-reader.js';
import { cutOut, runsOf } from './range-runs.js';
import { swapped } from './swapped.js';

/** Where the meta information of nearly every file ends within. */
const META_SIZE = 4096;

/** What a file and a palette take in memory, about, bytes. */
const [OWN_SIZE, PALETTE_SIZE] = [1000, 3 * 0x10000 * 2];

/** The bytes of a frame, for `decodeFrame`. */
export interface StoredFrame {
  readonly bytes: Buffer;
  /** Where an uncompressed one starts in them. */
  readonly firstBit: number;
}

type Read = (range: ByteRange) => Promise<Buffer>;

/** Where the bytes of a frame stand that are sent as they are stored. */
interface RawLocation {
  readonly ranges: readonly ByteRange[];
  /** Bytes of the frame, and those in front of it in the ranges. */
  readonly size: number;
  readonly skip: number;
  /** Bytes of a number that is big endian; 1: none is. */
  readonly width: 1 | 2 | 4 | 8;
}

/** Reads what a header refers to: ranges of the file, or of its inflated data set where that is deflated. */
export class PixelFile {
  private encapsulated: EncapsulatedFrames | undefined;
  private described: ImageDescription | undefined;
  private colours: Promise<Palette> | undefined;
  private modelSize: number | undefined;

  constructor(
    private readonly files: InstanceFileService,
    readonly file: StoredFile,
    readonly model: HeaderModel,
  ) {}

  /** How the pixel data is to be read. @throws PixelDataError `description` */
  get image(): ImageDescription {
    return (this.described ??= imageDescription(this.model));
  }

  /** About what this takes in memory, bytes: more once the frames are found, or the palette is read. */
  get size(): number {
    this.modelSize ??= memoryOf(this.model.dataset);
    return OWN_SIZE + this.modelSize + (this.encapsulated?.size ?? 0) + (this.colours ? PALETTE_SIZE : 0);
  }

  /** The colours of the image; undefined where it has none. @throws PixelDataError `description` */
  async palette(): Promise<Palette | undefined> {
    const { palette } = this.image;
    if (!palette) return undefined;
    const littleEndian = this.model.syntax !== EXPLICIT_BIG_ENDIAN;
    this.colours ??= readPalette(palette, (range) => this.read(range), littleEndian);
    // what cannot be read now may be there later
    this.colours.catch(() => (this.colours = undefined));
    return this.colours;
  }

  /** Where a frame stands. @throws PixelDataError `no-such-frame`, `no-pixel-data`, `location` */
  async locate(frame: number): Promise<FrameLocation> {
    if (!isEncapsulated(this.model.syntax)) return nativeLocation(this.image, frame);
    return { ranges: await this.fragments(frame), firstBit: 0 };
  }

  /**
   * The bytes of a frame, its fragments joined.
   * @param most how many there may be
   * @param timeout seconds that it may take to find them in a deflated file
   * @throws PixelDataError, FrameError 413
   */
  async frameBytes(frame: number, most: number, timeout = Infinity): Promise<StoredFrame> {
    return this.storedFrame(frame, most, (range) => this.read(range, new Deadline(timeout)));
  }

  /**
   * The bytes of all frames in order, each as of `frameBytes`; a deflated file is inflated once for all of them.
   * @param most how many each may have
   * @param timeout seconds that it may take to find each in a deflated file
   * @throws PixelDataError, FrameError 413
   */
  async *everyFrame(most: number, timeout: number): AsyncGenerator<StoredFrame, void> {
    const { pixelData, numberOfFrames: count } = this.image;
    if (!pixelData || !isDeflated(this.model.syntax)) {
      for (let frame = 0; frame < count; frame++) yield await this.frameBytes(frame, most, timeout);
      return;
    }
    const deadline = new Deadline(timeout);
    const reader = new ForwardReader(this.inflated(pixelData, deadline), pixelData.o);
    try {
      for (let frame = 0; frame < count; frame++) {
        deadline.restart();
        yield await this.storedFrame(frame, most, (range) => reader.read(range));
      }
    } finally {
      await reader.close();
    }
  }

  private async storedFrame(frame: number, most: number, read: Read): Promise<StoredFrame> {
    const { ranges, firstBit } = await this.locate(frame);
    if (sizeOf(ranges) > most) throw new PixelDataError('limit', `A frame of more than ${most} bytes`);
    return { bytes: await joined(ranges, read), firstBit };
  }

  /**
   * The bytes of a frame as they are stored, uncompressed ones in little endian order.
   * @throws PixelDataError, OrthancError 404; while they are read, OrthancError 500 where they are fewer than they should be
   */
  async rawFrame(frame: number): Promise<SentBytes> {
    const { ranges, size, skip, width } = await this.raw(frame);
    const total = sizeOf(ranges);
    if (total > IN_ONE_PIECE) {
      const stored = swapped(this.stream(ranges), width);
      return { size, bytes: complete(size === total ? stored : between(stored, skip, skip + size), size) };
    }
    const stored = await joined(ranges, (range) => this.read(range));
    if (stored.length < total) throw new PixelDataError('location', 'The file ends before its frames do');
    const bytes = littleEndianBytes(stored, width);
    return { size, bytes: passing(size === total ? bytes : bytes.subarray(skip, skip + size)) };
  }

  private async raw(frame: number): Promise<RawLocation> {
    if (isEncapsulated(this.model.syntax)) {
      const ranges = await this.fragments(frame);
      return { ranges, size: sizeOf(ranges), skip: 0, width: 1 };
    }
    const { image } = this;
    const { ranges, firstBit } = nativeLocation(image, frame);
    const width = this.model.syntax === EXPLICIT_BIG_ENDIAN ? swapWidth(image) : 1;
    return { ranges, size: Math.ceil(storedFrameBits(image) / 8), skip: Math.floor(firstBit / 8), width };
  }

  /** The bytes of a range; fewer where the file ends before. */
  async read(range: ByteRange, deadline?: Deadline): Promise<Buffer> {
    if (!isDeflated(this.model.syntax)) return this.files.read(this.file, range.o, range.o + range.n);
    const parts: Buffer[] = [];
    for await (const part of this.inflated(range, deadline)) parts.push(part);
    return Buffer.concat(parts);
  }

  private fragments(frame: number): Promise<readonly ByteRange[]> {
    const frames = numberOfFrames(this.model);
    checkFrame(frame, frames);
    const pixelData = pixelDataRange(this.model);
    const read: Read = (range) => this.read(range);
    this.encapsulated ??= new EncapsulatedFrames(this.model, pixelData, frames, read, this.file.size);
    return this.encapsulated.fragments(frame);
  }

  /** The bytes of ranges one after the other, some at a time. */
  private stream(ranges: readonly ByteRange[]): Readable {
    return Readable.from(this.pieces(ranges), { objectMode: false });
  }

  private async *pieces(ranges: readonly ByteRange[]): AsyncGenerator<Buffer, void> {
    for (const run of runsOf(ranges)) {
      const { o, n } = run.span;
      if (run.ranges.length > 1) yield cutOut(await this.read(run.span), run);
      else if (isDeflated(this.model.syntax)) yield* this.inflated(run.span);
      else if (n > 0) yield* (await this.files.open(this.file, o, o + n)) as AsyncIterable<Buffer>;
    }
  }

  /** A deflated data set can be read from its beginning only (PS3.5 section A.5). */
  private async *inflated({ o, n }: ByteRange, deadline?: Deadline): AsyncGenerator<Buffer, void> {
    const start = await dataSetOffset((size) => this.files.read(this.file, 0, size), this.file.size, META_SIZE);
    const inflate = createInflateRaw();
    // an error of either side ends the other, and what is read here with it
    pipeline(await this.files.open(this.file, start), inflate, () => undefined);
    yield* between(deadline ? deadline.inTime<Buffer>(inflate) : inflate, o, o + n);
  }
}

async function joined(ranges: readonly ByteRange[], read: Read): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const run of runsOf(ranges)) parts.push(cutOut(await read(run.span), run));
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function sizeOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { n }) => sum + n, 0);
}
