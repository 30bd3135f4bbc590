import { fittingSize, type PictureRequest, shownFrame } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { FrameRenderer } from '../../pixels/frame-renderer.js';
import { type FrameOfInstance, FramesService } from '../../pixels/frames.service.js';
import { CONFIGURATION } from '../../tokens.js';
import type { Query } from '../resources/list-request.js';
import { encodePicture } from './encode-picture.js';
import { acceptedPicture, type PictureType } from './picture-format.js';
import { type PictureKind, qualityOf, renderingOf } from './picture-request.js';

/** A frame as it is asked for. */
export interface PictureOrder {
  readonly instance: string;
  /** From 0 on. */
  readonly frame: number;
  readonly kind: PictureKind;
  readonly query: Query;
  /** The header. */
  readonly accept?: string;
}

/** A picture as it is answered. */
export interface PictureFile {
  readonly type: PictureType;
  readonly content: Buffer;
}

/** Makes pictures of frames. */
@Injectable()
export class PicturesService {
  private readonly maxPixels: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(FrameRenderer) private readonly renderer: FrameRenderer,
  ) {
    this.maxPixels = Annal.Limits.MaxPictureSize;
  }

  /** @throws FrameError, BareStatus 404, 415, OrthancError 404, 406, 413 */
  picture(order: PictureOrder): Promise<PictureFile> {
    return this.frames.withFrame(order.instance, order.frame, (decoded) => this.encoded(decoded, order));
  }

  private async encoded(decoded: FrameOfInstance, { frame, kind, query, accept }: PictureOrder): Promise<PictureFile> {
    const request: PictureRequest = kind === 'rendered' ? { kind, ...renderingOf(query) } : { kind };
    const quality = qualityOf(query);
    const type = acceptedPicture(accept);
    if (!type) throw new OrthancError('NotAcceptable');
    const added = this.pixelsOf(decoded, request);
    const picture = await this.renderer.make(shownFrame(decoded, frame), { make: 'picture', request }, added);
    return { type, content: await encodePicture(picture, type, quality) };
  }

  /** The pixels of a picture in another size than the frame's. */
  private pixelsOf({ frame }: FrameOfInstance, request: PictureRequest): number {
    if (request.kind !== 'rendered') return 0;
    const { width, height } = fittingSize({ width: frame.columns, height: frame.rows }, request);
    const pixels = width * height;
    if (pixels === frame.columns * frame.rows) return 0;
    if (pixels > this.maxPixels) throw new OrthancError('BadRequest', `More than ${this.maxPixels} pixels`, 413);
    return pixels;
  }
}
