import { type HeaderModel, type NumpyFormat, numpyFormat, numpyFrameSize, numpyHeader, shownFrame } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { passing } from '../../load/passing.js';
import { release } from '../../load/release.js';
import { FrameRenderer } from '../../pixels/frame-renderer.js';
import { type FrameOfInstance, FramesService, type OpenInstance } from '../../pixels/frames.service.js';
import { CONFIGURATION } from '../../tokens.js';
import { countAlike, differentFormats, differentSizes } from './alike-images.js';
import { inOrder } from './in-order.js';
import { type SeriesSlice, SeriesSlicesService } from './series-slices.service.js';
import { SliceHeaders } from './slice-headers.service.js';

/** A `.npy` file. */
export interface ArrayFile {
  /** Bytes. */
  readonly size: number;
  readonly chunks: AsyncGenerator<Buffer, void>;
}

/** A frame as it goes into an array. */
interface Piece {
  readonly format: NumpyFormat;
  readonly bytes: Buffer;
}

type Task = () => Promise<Piece>;

/** So many frames are made ready before they are sent. */
const AHEAD = 3;

/** Makes numpy arrays, of which a few frames are in memory at once. Grey values become physical ones where `rescaled`. */
@Injectable()
export class ArraysService {
  private readonly maxSize: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(SliceHeaders) private readonly headers: SliceHeaders,
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(FrameRenderer) private readonly renderer: FrameRenderer,
    @Inject(SeriesSlicesService) private readonly slices: SeriesSlicesService,
  ) {
    this.maxSize = Annal.Limits.MaxArraySize;
  }

  /** One frame, from 0 on: rows, columns, channels. @throws FrameError, OrthancError 404, 413 */
  async ofFrame(id: string, frame: number, rescaled: boolean): Promise<ArrayFile> {
    const instance = await this.frames.instance(id);
    return this.file([this.task(instance, frame, rescaled)]);
  }

  /** All frames of an instance: frames, rows, columns, channels. @throws FrameError, OrthancError 400, 404, 413 */
  async ofInstance(id: string, rescaled: boolean): Promise<ArrayFile> {
    const instance = await this.frames.instance(id);
    return this.file(this.tasks([instance], rescaled), instance.image.numberOfFrames);
  }

  /** All frames of a series in the order of its slices, as those of an instance. @throws FrameError, OrthancError 404, 413, 500 */
  async ofSeries(id: string, rescaled: boolean): Promise<ArrayFile> {
    const { slices } = await this.slices.ordered(id);
    const headers = this.headers.of(slices);
    const count = await countAlike(headers());
    return this.file(this.tasks(this.opened(headers()), rescaled), count);
  }

  /** @param count of frames; absent: there is one, and the array has no dimension for them */
  private async file(tasks: Iterable<Task> | AsyncIterable<Task>, count?: number): Promise<ArrayFile> {
    const pieces = inOrder(tasks, AHEAD);
    const { value: first } = await pieces.next();
    if (!first) throw new OrthancError('BadFileFormat', 'Empty DICOM instance');
    const header = numpyHeader(first.format, count);
    const size = header.length + (count ?? 1) * numpyFrameSize(first.format);
    if (size > this.maxSize) {
      await pieces.return();
      throw new OrthancError('BadRequest', `An array of more than ${this.maxSize} bytes`, 413);
    }
    return { size, chunks: bytesOf(header, first, pieces) };
  }

  private async *opened(
    slices: AsyncIterable<readonly [slice: SeriesSlice, model: HeaderModel]>,
  ): AsyncGenerator<OpenInstance, void> {
    for await (const [slice, model] of slices) yield await this.frames.inFile(slice, model);
  }

  private async *tasks(
    instances: Iterable<OpenInstance> | AsyncIterable<OpenInstance>,
    rescaled: boolean,
  ): AsyncGenerator<Task, void> {
    for await (const instance of instances) {
      for (let frame = 0; frame < instance.image.numberOfFrames; frame++) yield this.task(instance, frame, rescaled);
    }
  }

  private task(instance: OpenInstance, frame: number, rescaled: boolean): Task {
    return () => instance.withFrame(frame, (decoded) => this.piece(decoded, frame, rescaled));
  }

  private async piece(decoded: FrameOfInstance, frame: number, rescaled: boolean): Promise<Piece> {
    const shown = shownFrame(decoded, frame);
    const { buffer, byteOffset, length } = await this.renderer.make(shown, { make: 'numbers', rescaled });
    const format = numpyFormat(shown.frame, rescaled);
    const { data } = decoded.frame;
    if (buffer !== data.buffer) release([data]);
    return { format, bytes: passing(Buffer.from(buffer, byteOffset, length)) };
  }
}

/** @throws OrthancError 500 where a frame turns out to be another than the first one */
async function* bytesOf(
  header: Buffer,
  first: Piece,
  others: AsyncGenerator<Piece, void>,
): AsyncGenerator<Buffer, void> {
  try {
    yield header;
    yield first.bytes;
    const { rows, columns, channels, type } = first.format;
    for await (const { format, bytes } of others) {
      if (format.rows !== rows || format.columns !== columns) throw differentSizes();
      if (format.channels !== channels || format.type !== type) throw differentFormats();
      yield bytes;
    }
  } finally {
    // also of those that nobody has begun to take
    await others.return();
  }
}
