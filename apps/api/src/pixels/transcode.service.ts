import {
  canEncode,
  dataSetOffset,
  type DicomDictionary,
  hasPixels,
  type HeaderModel,
  imageDescription,
  isEncapsulated,
  isTranscodable,
  keepsPixels,
  PixelDataError,
} from '@annal/dicom';
import type { BlobStore } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { BareStatus, OrthancError } from '../http/errors/http-errors.js';
import { StoredDataSets } from '../rest/content/stored-data-sets.js';
import { InstanceFileService, type StoredFile } from '../rest/instances/instance-file.service.js';
import { uidOf } from '../rest/tools/generate-uid.controller.js';
import { TRANSFER_SYNTAXES } from '../rest/tools/transfer-syntaxes.js';
import { BLOB_STORE, CONFIGURATION, DICTIONARY } from '../tokens.js';
import { FrameError } from './frame-error.js';
import { FrameTranscoder } from './frame-threads.js';
import { sizeOf, streamOf } from './pieces.js';
import { PixelFile } from './pixel-file.js';
import { Spool } from './spool.js';
import { checkFrameSize, checkSizes, type TranscodingLimits } from './transcoded-pixels.js';
import { pixelTarget, transcodedParts, type TranscodingSource } from './transcoding.js';
import { Turns } from './turns.js';

/** A DICOM file in another transfer syntax. */
export interface TranscodedFile {
  readonly stream: Readable;
  /** Bytes. */
  readonly size: number;
  /** Of the data set in the stream, where it is another one than before: pixels were lost (PS3.3 C.12.1.1). */
  readonly sopInstanceUid?: string;
}

/** 404 without a body, as Orthanc answers where it cannot put a file into a transfer syntax. */
export class NotTranscodable extends BareStatus {
  constructor(readonly reason: string) {
    super(404);
  }
}

/**
 * Whether it is for what a file is that it was not transcoded: it cannot be, or it is beyond a limit. It goes out as it is
 * stored then, where nobody insists on a transfer syntax. What fails here, or a client that hangs up, is none of that.
 */
export function canOnlyBeStored(error: unknown): boolean {
  return error instanceof NotTranscodable || (error instanceof FrameError && error.reason === 'limit');
}

const THREADS = 2;
/** Where the meta information of nearly every file ends within. */
const META_SIZE = 4096;

/** Whether a UID is that of a transfer syntax. */
export function isTransferSyntax(uid: string): boolean {
  return TRANSFER_SYNTAXES.includes(uid) || canEncode(uid);
}

/** @throws OrthancError 400 for what is no transfer syntax */
export function checkTransferSyntax(uid: string): void {
  if (isTransferSyntax(uid)) return;
  throw new OrthancError('ParameterOutOfRange', `Unknown transfer syntax: ${uid}`);
}

/** Rewrites DICOM files in other transfer syntaxes. */
@Injectable()
export class TranscodeService implements OnApplicationShutdown {
  private readonly transcoder: FrameTranscoder;
  private readonly turns: Turns;
  private readonly limits: TranscodingLimits;
  private readonly usualQuality: number;

  constructor(
    @Inject(CONFIGURATION) { Annal, DicomLossyTranscodingQuality }: AnnalConfiguration,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(StoredDataSets) private readonly dataSets: StoredDataSets,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
  ) {
    const { DecodeTimeout, MaxFrameSize, MaxTranscodedSize, MaxWaitingFrames } = Annal.Limits;
    this.transcoder = new FrameTranscoder(DecodeTimeout, THREADS);
    this.turns = new Turns(THREADS, MaxWaitingFrames);
    this.limits = { frame: MaxFrameSize, file: MaxTranscodedSize, seconds: DecodeTimeout };
    this.usualQuality = DicomLossyTranscodingQuality;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transcoder.close();
  }

  /**
   * The file in another transfer syntax, as it is where it has that one already. Nothing is answered before all of it
   * is made.
   *
   * @param syntax UID of the transfer syntax
   * @param quality of lossy compression, 1 to 100; default: the option DicomLossyTranscodingQuality
   * @param gone aborted when nobody waits for the file any more, which ends the work
   * @throws OrthancError 400 for a transfer syntax that is unknown, 404, 413, 503 when too many wait; NotTranscodable; the
   *   reason of `gone`
   */
  async transcode(
    file: StoredFile,
    syntax: string,
    quality = this.usualQuality,
    gone?: AbortSignal,
  ): Promise<TranscodedFile> {
    checkTransferSyntax(syntax);
    const source = await this.sourceOf(file);
    if (source.dataSet.model.syntax === syntax) return { stream: await this.files.open(file), size: file.size };
    if (isEncapsulated(syntax) && !canEncode(syntax)) throw new NotTranscodable('The transfer syntax');
    const spools: Spool[] = [];
    const spool = (): Spool => spools[spools.push(new Spool(this.blobs)) - 1]!;
    const discard = (): void => spools.forEach((each) => void each.discard().catch(() => undefined));
    const { dictionary, transcoder } = this;
    const tools = { dictionary, transcoder, spool, newUid: () => uidOf(randomUUID()), ...(gone && { gone }) };
    try {
      const target = pixelTarget(syntax, Math.min(100, Math.max(1, quality)), this.limits);
      const { pieces, sopInstanceUid } = await this.turns.take(async () => {
        // while it waited for its turn
        gone?.throwIfAborted();
        return transcodedParts(source, target, tools);
      });
      const stream = streamOf(pieces).once('close', discard);
      return { stream, size: sizeOf(pieces), ...(sopInstanceUid !== undefined && { sopInstanceUid }) };
    } catch (error) {
      discard();
      throw answerTo(error);
    }
  }

  /**
   * Finds out by a header alone whether a file could be put into another transfer syntax.
   * @throws NotTranscodable; FrameError for what is beyond a limit
   */
  check(model: HeaderModel, syntax: string): void {
    if (keepsPixels(model.syntax, syntax)) return;
    if (isEncapsulated(syntax) && !canEncode(syntax)) throw new NotTranscodable('The transfer syntax');
    if (!isTranscodable(model, syntax)) throw new NotTranscodable('The file');
    try {
      if (hasPixels(model)) checkSizes(imageDescription(model), syntax, this.limits);
    } catch (error) {
      throw answerTo(error);
    }
  }

  /**
   * A frame in another transfer syntax; uncompressed ones are little endian.
   *
   * @param frame from 0 on
   * @param syntax UID of the transfer syntax
   * @throws FrameError, OrthancError 503 when too many wait; NotTranscodable
   */
  async frame(pixels: PixelFile, frame: number, syntax: string): Promise<Buffer> {
    const { limits, usualQuality } = this;
    const { image } = pixels;
    const { transferSyntax, quality } = pixelTarget(syntax, usualQuality, limits);
    try {
      checkFrameSize(image, limits.frame);
      return await this.turns.take(async () => {
        const stored = await pixels.frameBytes(frame, limits.frame, limits.seconds);
        const task = { image, transferSyntax: pixels.model.syntax, ...stored, target: { transferSyntax, quality } };
        return (await this.transcoder.transcode(task)).bytes;
      });
    } catch (error) {
      throw error instanceof PixelDataError && error.code === 'no-such-frame'
        ? new FrameError(error.code, error.message)
        : answerTo(error);
    }
  }

  private async sourceOf(file: StoredFile): Promise<TranscodingSource> {
    const dataSet = await this.dataSets.openFile(file);
    const read = (size: number): Promise<Buffer> => this.files.read(file, 0, size);
    const beginning = await read(await dataSetOffset(read, file.size, META_SIZE));
    return { beginning, dataSet, pixels: new PixelFile(this.files, file, dataSet.model) };
  }
}

/** What is beyond a limit is said; all else that pixels are is Orthanc's 404. */
function answerTo(error: unknown): unknown {
  if (error instanceof PixelDataError) {
    return error.code === 'limit' ? new FrameError(error.code, error.message) : new NotTranscodable(error.message);
  }
  if (error instanceof FrameError && error.reason !== 'limit') return new NotTranscodable(error.details ?? '');
  return error;
}
