import { type FrameRepresentation, frameRepresentation } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import type { WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OrthancError } from '../../http/errors/http-errors.js';
import { FrameError } from '../../pixels/frame-error.js';
import { type PixelFile } from '../../pixels/pixel-file.js';
import { NotTranscodable } from '../../pixels/transcode.service.js';
import { CONFIGURATION } from '../../tokens.js';
import { acceptIn } from '../common/accept.js';
import { unacceptable } from '../common/unacceptable.js';
import { resourcePath } from '../common/web-paths.js';
import { WebUrls } from '../common/web-urls.js';
import type { Part } from '../common/part.js';
import { WebFrames } from './web-frames.service.js';

/** Frames of one instance on their way. */
export interface WantedFrames {
  readonly source: PixelFile;
  /** From 0 on. */
  readonly numbers: Iterable<number>;
  readonly wanted: FrameRepresentation;
  /** URL of the instance, with a slash at its end. */
  readonly location: string;
}

/** Finds out how a client wants frames, and makes parts of them. */
@Injectable()
export class FrameParts {
  private readonly strict: boolean;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(WebFrames) private readonly frames: WebFrames,
    @Inject(WebUrls) private readonly urls: WebUrls,
  ) {
    this.strict = Annal.DicomWebStrictStatus;
  }

  /** A part for each frame. @throws OrthancError 400, 404, 413, 503; NotTranscodable */
  async *parts({ source, numbers, wanted, location }: WantedFrames): AsyncGenerator<Part, void> {
    for (const number of numbers) yield this.frames.part(source, number, wanted, frameLocation(location, number));
  }

  /**
   * How frames are sent to a client.
   * @param single whether it asks for one frame
   * @throws OrthancError 400 or 406
   */
  representation(request: FastifyRequest, source: PixelFile, single: boolean): FrameRepresentation {
    const accept = acceptIn(request);
    const canMake = (uid: string): boolean => WebFrames.canMake(source, uid);
    const wanted = frameRepresentation(accept, WebFrames.stored(source, single), canMake);
    if (!wanted) throw unacceptable(this.strict, accept);
    return wanted;
  }

  /** What cannot be put into the transfer syntax that was asked for is nothing that the client accepts. */
  async explained<R>(request: FastifyRequest, task: () => Promise<R>): Promise<R> {
    try {
      return await task();
    } catch (error) {
      const cannot =
        error instanceof NotTranscodable || (error instanceof FrameError && error.reason === 'unsupported');
      throw cannot ? unacceptable(this.strict, acceptIn(request)) : error;
    }
  }

  /** The URL of an instance. */
  location(request: FastifyRequest, study: string, { seriesInstanceUid, sopInstanceUid }: WebFile): string {
    const path = resourcePath({ study, series: seriesInstanceUid, instance: sopInstanceUid });
    return `${this.urls.base(request)}${path}`;
  }
}

/** The URL of a frame. @param frame from 0 on */
export function frameLocation(instance: string, frame: number): string {
  return `${instance}/frames/${frame + 1}`;
}

/** 404 where there are no frames. */
export function noPixels(): OrthancError {
  return new OrthancError('InexistentItem', 'There is no pixel data');
}
