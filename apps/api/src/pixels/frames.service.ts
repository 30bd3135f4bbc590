import {
  checkFrame,
  type DecodedFrame,
  decodeFrame,
  decodedFrameBytes,
  frameMediaType,
  type HeaderModel,
  type ImageDescription,
  isEncapsulated,
  type Palette,
  PixelDataError,
} from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type SentBytes } from '../http/answers/sent-bytes.js';
import { InstanceFileService, type StoredFile } from '../rest/instances/instance-file.service.js';
import { CONFIGURATION } from '../tokens.js';
import type { DecodeTask } from './decode-thread.js';
import { FrameDecoder } from './frame-threads.js';
import { frameError } from './frame-error.js';
import { ON_THE_SPOT } from './on-the-spot.js';
import { type PixelFile } from './pixel-file.js';
import { PixelFiles } from './pixel-files.service.js';
import { Turns } from './turns.js';

/** A decoded frame, and what of its instance tells how to show it. */
export interface FrameOfInstance {
  readonly frame: DecodedFrame;
  readonly image: ImageDescription;
  readonly model: HeaderModel;
  /** Where the image has one. */
  readonly palette?: Palette;
}

/** An instance of which several frames are wanted: its header is read once. */
export interface OpenInstance {
  readonly image: ImageDescription;
  /** As {@link FramesService.withFrame}. */
  withFrame<R>(frame: number, use: (decoded: FrameOfInstance) => Promise<R>): Promise<R>;
}

/** A frame as it is stored; uncompressed ones in little endian order. */
export interface RawFrame extends SentBytes {
  readonly mediaType: string;
}

const THREADS = 2;

/** The frames of instances, as they are stored and decoded. */
@Injectable()
export class FramesService implements OnApplicationShutdown {
  private readonly decoder: FrameDecoder;
  private readonly turns: Turns;
  private readonly maxFrameSize: number;
  private readonly timeout: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
    @Inject(PixelFiles) private readonly opened: PixelFiles,
  ) {
    const { DecodeTimeout, MaxFrameSize, MaxWaitingFrames } = Annal.Limits;
    this.decoder = new FrameDecoder(DecodeTimeout, THREADS);
    this.turns = new Turns(THREADS, MaxWaitingFrames);
    this.maxFrameSize = MaxFrameSize;
    this.timeout = DecodeTimeout;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.decoder.close();
  }

  /** Where an instance's pixels are. @throws OrthancError 404 */
  async open(instanceId: string): Promise<PixelFile> {
    return this.opened.open(await this.files.find(instanceId));
  }

  /** The description of an instance's image. @throws OrthancError 404, FrameError */
  async image(instanceId: string): Promise<ImageDescription> {
    return asAnswer(async () => (await this.open(instanceId)).image);
  }

  /** As `withFrame`, where the frame is small or soon forgotten. */
  async frame(instanceId: string, frame: number): Promise<FrameOfInstance> {
    return this.withFrame(instanceId, frame, async (decoded) => decoded);
  }

  /**
   * Decodes a frame and does something with it. Only so many are decoded and in use at once: the memory that they take
   * is bounded while `use` lasts.
   *
   * @param frame from 0 on
   * @throws FrameError 400, 413, 415; OrthancError 404, 503 when too many wait
   */
  withFrame<R>(instanceId: string, frame: number, use: (decoded: FrameOfInstance) => Promise<R>): Promise<R> {
    return asAnswer(async () => (await this.instance(instanceId)).withFrame(frame, use));
  }

  /** Opens an instance for several frames. @throws OrthancError 404, FrameError */
  async instance(instanceId: string): Promise<OpenInstance> {
    return this.inFile(await this.files.find(instanceId));
  }

  /** As `instance`, where its file, or its header too, has been looked up. @throws OrthancError 404, FrameError */
  async inFile(file: StoredFile, header?: HeaderModel): Promise<OpenInstance> {
    return asAnswer(async () => {
      const pixels = await this.opened.open(file, header);
      const { image } = pixels;
      return { image, withFrame: (frame, use) => asAnswer(() => this.use(pixels, frame, use)) };
    });
  }

  /**
   * The bytes of a frame as they are stored, its fragments joined.
   *
   * @param frame from 0 on
   * @throws FrameError 400; OrthancError 404
   */
  async rawFrame(instanceId: string, frame: number): Promise<RawFrame> {
    return asAnswer(async () => {
      const pixels = await this.open(instanceId);
      return { ...(await pixels.rawFrame(frame)), mediaType: frameMediaType(pixels.model.syntax) };
    });
  }

  private async use<R>(pixels: PixelFile, frame: number, use: (decoded: FrameOfInstance) => Promise<R>): Promise<R> {
    const { image } = pixels;
    if (!image.pixelData) throw new PixelDataError('no-pixel-data', 'There is no pixel data');
    checkFrame(frame, image.numberOfFrames);
    this.checkSize(decodedFrameBytes(image));
    return this.turns.take(async () => use(await this.decode(pixels, frame)));
  }

  private async decode(pixels: PixelFile, frame: number): Promise<FrameOfInstance> {
    const { model, image } = pixels;
    const stored = await pixels.frameBytes(frame, this.maxFrameSize, this.timeout);
    const task = { image, transferSyntax: model.syntax, ...stored };
    const decoded = isQuick(task)
      ? await decodeFrame(image, task.transferSyntax, task.bytes, task.firstBit)
      : await this.decoder.decode(task);
    const palette = image.palette && (await pixels.palette());
    return { frame: decoded, image, model, ...(palette && { palette }) };
  }

  private checkSize(bytes: number): void {
    if (bytes > this.maxFrameSize) throw new PixelDataError('limit', `A frame of more than ${this.maxFrameSize} bytes`);
  }
}

function isQuick({ image, transferSyntax }: Pick<DecodeTask, 'image' | 'transferSyntax'>): boolean {
  return !isEncapsulated(transferSyntax) && image.rows * image.columns * image.samplesPerPixel <= ON_THE_SPOT;
}

async function asAnswer<R>(task: () => Promise<R>): Promise<R> {
  try {
    return await task();
  } catch (error) {
    throw frameError(error);
  }
}
