import {
  checkRoom,
  decodedBytes,
  decodedFrameBytes,
  elementHeader,
  type ElementEncoding,
  type EncodedFrame,
  type FrameTarget,
  type ImageDescription,
  isEncapsulated,
  ITEM,
  littleEndianBytes,
  orderedWidth,
  PixelDataError,
  SEQUENCE_DELIMITER,
  UNDEFINED_LENGTH,
} from '@annal/dicom';
import type { FileBytes } from '../rest/content/file-bytes.js';
import type { LargeValue } from '../rest/content/stored-data-set.js';
import type { FrameTranscoder } from './frame-threads.js';
import type { Piece } from './pieces.js';
import type { PixelFile } from './pixel-file.js';
import type { Change } from './rewritten-elements.js';
import type { Spool } from './spool.js';
import { swapped } from './swapped.js';

const PIXEL_DATA = 0x7fe00010;
const ITEM_ENCODING: ElementEncoding = { explicit: false, littleEndian: true };
/** More of the pixel data than a basic offset table can tell of (PS3.5 section A.4). */
const LONGEST_TABLED = 0xffffffff;

/** The pixel data of a file in another transfer syntax. */
export interface NewPixels {
  readonly pieces: readonly Piece[];
  /** As the frames came out; undefined where none was touched. */
  readonly frame?: Omit<EncodedFrame, 'bytes'>;
  /** Bytes of all compressed frames. */
  readonly encodedSize: number;
}

/** Where pixels are put. */
export interface PixelTarget extends FrameTarget {
  /** Of the data set around them. */
  readonly encoding: ElementEncoding;
  readonly limits: TranscodingLimits;
}

/** How large decoded pixels may be, bytes, and how long they may take. */
export interface TranscodingLimits {
  readonly frame: number;
  /** All frames of a file that is put into another transfer syntax. */
  readonly file: number;
  /** In which a frame must be found in a deflated file. */
  readonly seconds: number;
}

/** What frames are put into another transfer syntax with. */
export interface FrameTools {
  readonly transcoder: FrameTranscoder;
  readonly spool: Spool;
  /** Aborted when nobody waits for them any more. */
  readonly gone?: AbortSignal;
}

/** Uncompressed pixel data, moved as it is from one byte order to another. */
export function movedPixels({ o, n, tag, vr }: LargeValue, bytes: FileBytes, { from, to }: Change): NewPixels {
  const written = vr === 'UN' ? 'OW' : vr;
  const width = from.littleEndian === to.littleEndian ? 1 : (orderedWidth(written) ?? 1);
  const padding = Buffer.alloc(n % 2);
  const open = async () => swapped(await bytes.stream(o, o + n), width);
  return { pieces: [elementHeader(tag, written, n + padding.length, to), { size: n, open }, padding], encodedSize: 0 };
}

/** @throws PixelDataError `limit` where a decoded frame has more bytes */
export function checkFrameSize(image: ImageDescription, maxFrameSize: number): void {
  if (decodedFrameBytes(image) > maxFrameSize)
    throw new PixelDataError('limit', `A frame of more than ${maxFrameSize} bytes`);
}

/**
 * What the header says of all frames is enough to refuse them before the first one is decoded.
 * @param syntax UID of the transfer syntax that they are to be put into
 * @throws PixelDataError `limit` where they have more bytes than a limit, `unsupported` where they have no room in a file
 */
export function checkSizes(image: ImageDescription, syntax: string, limits: TranscodingLimits): void {
  checkFrameSize(image, limits.frame);
  checkRoom(image, syntax);
  if (decodedBytes(image) > limits.file)
    throw new PixelDataError('limit', `Frames of more than ${limits.file} bytes together`);
}

/**
 * Puts the frames of a file into another transfer syntax, one after the other, and keeps them until they are sent.
 * @throws PixelDataError, FrameError, the reason of `gone`
 */
export async function newPixels(
  pixels: PixelFile,
  target: PixelTarget,
  { transcoder, spool, gone }: FrameTools,
): Promise<NewPixels> {
  const { transferSyntax, quality, encoding, limits } = target;
  const { image } = pixels;
  checkSizes(image, transferSyntax, limits);
  const compressed = isEncapsulated(transferSyntax);
  const vr = image.bitsAllocated > 8 ? 'OW' : 'OB';
  const swap = encoding.littleEndian ? 1 : (orderedWidth(vr) ?? 1);
  const sizes: number[] = [];
  let frame: Omit<EncodedFrame, 'bytes'> | undefined;
  for await (const stored of pixels.everyFrame(limits.frame, limits.seconds)) {
    gone?.throwIfAborted();
    const task = { image, transferSyntax: pixels.model.syntax, ...stored, target: { transferSyntax, quality } };
    const { bytes, ...next } = await transcoder.transcode(task);
    if (frame && frame.photometric !== next.photometric)
      throw new PixelDataError('unsupported', 'Frames of several kinds');
    frame = next;
    const padding = Buffer.alloc(compressed ? bytes.length % 2 : 0);
    const size = bytes.length + padding.length;
    sizes.push(size);
    if (compressed) await spool.add(elementHeader(ITEM, '', size, ITEM_ENCODING));
    await spool.add(littleEndianBytes(bytes, swap));
    if (padding.length > 0) await spool.add(padding);
  }
  if (!frame) throw new PixelDataError('unsupported', 'There are no frames');
  const encodedSize = sizes.reduce((sum, size) => sum + size, 0);
  const body: Piece = { size: spool.size, open: () => spool.read() };
  if (compressed) return { pieces: encapsulated(sizes, body, encoding), frame, encodedSize };
  const padding = Buffer.alloc(encodedSize % 2);
  const header = elementHeader(PIXEL_DATA, vr, encodedSize + padding.length, encoding);
  return { pieces: [header, body, padding], frame, encodedSize };
}

/** Encapsulated pixel data of a fragment a frame (PS3.5 section A.4). */
function encapsulated(sizes: readonly number[], fragments: Piece, encoding: ElementEncoding): readonly Piece[] {
  const table = offsetTable(sizes);
  return [
    elementHeader(PIXEL_DATA, 'OB', UNDEFINED_LENGTH, encoding),
    elementHeader(ITEM, '', table.length, ITEM_ENCODING),
    table,
    fragments,
    elementHeader(SEQUENCE_DELIMITER, '', 0, ITEM_ENCODING),
  ];
}

/** The basic offset table; empty where its numbers do not suffice. */
function offsetTable(sizes: readonly number[]): Buffer {
  const table = Buffer.alloc(4 * sizes.length);
  let offset = 0;
  for (const [index, size] of sizes.entries()) {
    if (offset > LONGEST_TABLED) return Buffer.alloc(0);
    table.writeUInt32LE(offset, 4 * index);
    offset += 8 + size;
  }
  return table;
}
