import {
  type DicomDictionary,
  type ElementEncoding,
  encodingOf,
  fileMetaBytes,
  type HeaderModel,
  type ImageDescription,
  isDeflated,
  isEncapsulated,
  isLossyEncoding,
  lossyDescription,
  type NewElement,
  PixelDataError,
  storedFrameBits,
  tokenize,
  transcodedAttributes,
  type TranscodedPixels,
} from '@annal/dicom';
import { pipeline } from 'node:stream';
import { createDeflateRaw } from 'node:zlib';
import type { StoredDataSet } from '../rest/content/stored-data-set.js';
import type { FrameTranscoder } from './frame-threads.js';
import { type Piece, streamOf } from './pieces.js';
import type { PixelFile } from './pixel-file.js';
import { type Change, merged, rewritten, rewrittenLarge, written } from './rewritten-elements.js';
import type { Spool } from './spool.js';
import {
  movedPixels,
  type NewPixels,
  newPixels,
  type PixelTarget,
  type TranscodingLimits,
} from './transcoded-pixels.js';

/** What a file is made from. */
export interface TranscodingSource {
  /** The file up to its data set: preamble and meta information. */
  readonly beginning: Buffer;
  readonly dataSet: StoredDataSet;
  readonly pixels: PixelFile;
}

/** What it is made with. */
export interface TranscodingTools {
  readonly dictionary: DicomDictionary;
  readonly transcoder: FrameTranscoder;
  /** Keeps bytes until they are sent. */
  readonly spool: () => Spool;
  readonly newUid: () => string;
  /** Aborted when nobody waits for the file any more. */
  readonly gone?: AbortSignal;
}

/** The parts of a file in another transfer syntax. */
export interface TranscodedParts {
  readonly pieces: readonly Piece[];
  readonly sopInstanceUid?: string;
}

const PREAMBLE = 128;
const PREFIX = 'DICM';
const META = 0x0002;
const [MEDIA_STORAGE_SOP_CLASS, MEDIA_STORAGE_SOP_INSTANCE, TRANSFER_SYNTAX] = [0x00020002, 0x00020003, 0x00020010];
const [SOP_CLASS, SOP_INSTANCE] = [0x00080016, 0x00080018];

/** The encoding of a transfer syntax that the standard knows. @throws PixelDataError `unsupported` */
function encodingOfSyntax(transferSyntax: string): ElementEncoding {
  const encoding = encodingOf(transferSyntax);
  if (!encoding) throw new PixelDataError('unsupported', 'A private transfer syntax');
  return encoding;
}

/** The meta information of the new file (PS3.10 section 7.1). */
function metaBytes(beginning: Buffer, model: HeaderModel, transferSyntax: string, sopInstanceUid?: string): Buffer {
  const prefixed = beginning.toString('latin1', PREAMBLE, PREAMBLE + PREFIX.length) === PREFIX;
  const elements = prefixed ? metaElements(beginning) : [];
  const known = new Set(elements.map(({ tag }) => tag));
  const fromDataSet = (tag: number, source: number): NewElement[] => {
    const value = model.dataset.find((element) => element[0] === source)?.[2];
    return known.has(tag) || typeof value !== 'string' ? [] : [[tag, 'UI', value]];
  };
  const changes: NewElement[] = [
    ...fromDataSet(MEDIA_STORAGE_SOP_CLASS, SOP_CLASS),
    ...fromDataSet(MEDIA_STORAGE_SOP_INSTANCE, SOP_INSTANCE),
    [TRANSFER_SYNTAX, 'UI', transferSyntax],
    ...(sopInstanceUid === undefined ? [] : [[MEDIA_STORAGE_SOP_INSTANCE, 'UI', sopInstanceUid] as const]),
  ];
  return fileMetaBytes(elements, changes, prefixed ? beginning.subarray(0, PREAMBLE) : undefined);
}

function metaElements(beginning: Buffer): ReturnType<typeof tokenize>['meta']['elements'] {
  if (beginning.length <= PREAMBLE + PREFIX.length) return [];
  const { meta } = tokenize(beginning, { lookup: { vrOf: () => undefined } });
  return meta.elements.filter(({ tag }) => tag >>> 16 === META);
}

/** What is lost with a target that loses something. */
function lossOf(
  image: ImageDescription,
  target: PixelTarget,
  encodedSize: number,
  uid: string,
): TranscodedPixels['lossy'] {
  const { transferSyntax, quality } = target;
  const ratio = (storedFrameBits(image) * image.numberOfFrames) / 8 / encodedSize;
  return { sopInstanceUid: uid, transferSyntax, ratio, description: lossyDescription(transferSyntax, quality, ratio) };
}

async function pixelsOf(
  source: TranscodingSource,
  target: PixelTarget,
  change: Change,
  tools: TranscodingTools,
): Promise<{ readonly pixels: NewPixels; readonly changed: readonly NewElement[]; readonly sopInstanceUid?: string }> {
  const { pixelData, model, bytes } = source.dataSet;
  if (!pixelData) return { pixels: { pieces: [], encodedSize: 0 }, changed: [] };
  if (!isEncapsulated(model.syntax) && !isEncapsulated(target.transferSyntax)) {
    return { pixels: movedPixels(pixelData, bytes, change), changed: [] };
  }
  const { image } = source.pixels;
  const pixels = await newPixels(source.pixels, target, { ...tools, spool: tools.spool() });
  const uid = isLossyEncoding(target.transferSyntax) ? tools.newUid() : undefined;
  const lossy = uid === undefined ? undefined : lossOf(image, target, pixels.encodedSize, uid);
  const changed = transcodedAttributes(model, image, { ...pixels.frame!, ...(lossy && { lossy }) });
  return { pixels, changed, ...(uid !== undefined && { sopInstanceUid: uid }) };
}

/** A data set in pieces, deflated. */
async function deflated(pieces: readonly Piece[], spool: Spool, gone?: AbortSignal): Promise<Piece> {
  const deflate = createDeflateRaw();
  // an error of either side ends the other, and what is read here with it
  pipeline(streamOf(pieces), deflate, () => undefined);
  for await (const chunk of deflate as AsyncIterable<Buffer>) {
    gone?.throwIfAborted();
    await spool.add(chunk);
  }
  if (spool.size % 2 === 1) await spool.add(Buffer.alloc(1));
  return { size: spool.size, open: () => spool.read() };
}

/**
 * The parts of a file in another transfer syntax: elements that nothing of that concerns are as they were.
 * @throws PixelDataError, FrameError and OrthancError where it cannot be done; the reason of `gone`
 */
export async function transcodedParts(
  source: TranscodingSource,
  target: PixelTarget,
  tools: TranscodingTools,
): Promise<TranscodedParts> {
  const { beginning, dataSet } = source;
  const { model, bytes, large } = dataSet;
  const { transferSyntax, encoding: to } = target;
  const change: Change = { from: encodingOfSyntax(model.syntax), to, dictionary: tools.dictionary };
  const head = await dataSet.head();
  const behind = await dataSet.behind();
  const { pixels, changed, sopInstanceUid } = await pixelsOf(source, target, change, tools);
  const front = [
    ...rewritten(head.file.dataset.elements, head.file.dataset, head.bytes, change),
    ...large.flatMap((value) => rewrittenLarge(value, bytes, change)),
  ];
  const following = behind ? rewritten(behind.elements, behind.file.dataset, behind.bytes, change) : [];
  const pieces = [...merged(front, written(changed, to)), ...pixels.pieces, ...following.map(({ piece }) => piece)];
  const meta = metaBytes(beginning, model, transferSyntax, sopInstanceUid);
  const body = isDeflated(transferSyntax) ? [await deflated(pieces, tools.spool(), tools.gone)] : pieces;
  return { pieces: [meta, ...body], ...(sopInstanceUid !== undefined && { sopInstanceUid }) };
}

/** Where pixels are put, with the encoding of the data set around them. */
export function pixelTarget(transferSyntax: string, quality: number, limits: TranscodingLimits): PixelTarget {
  return { transferSyntax, quality, encoding: encodingOfSyntax(transferSyntax), limits };
}
