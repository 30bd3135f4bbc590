import type { PictureRequest } from '@annal/dicom';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { PictureType } from '../../pixels/encode-picture.js';
import { FramesService } from '../../pixels/frames.service.js';
import { PictureMaker } from '../../pixels/picture-maker.js';
import type { Query } from '../resources/list-request.js';
import { acceptedPicture } from './picture-format.js';
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

/** Makes pictures of the frames of instances. */
@Injectable()
export class PicturesService {
  constructor(
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(PictureMaker) private readonly maker: PictureMaker,
  ) {}

  /** @throws FrameError, BareStatus 404, 415, OrthancError 404, 406, 413 */
  picture({ instance, frame, kind, query, accept }: PictureOrder): Promise<PictureFile> {
    return this.frames.withFrame(instance, frame, async (decoded) => {
      const request: PictureRequest = kind === 'rendered' ? { kind, ...renderingOf(query) } : { kind };
      const quality = qualityOf(query);
      const type = acceptedPicture(accept);
      if (!type) throw new OrthancError('NotAcceptable');
      return { type, content: await this.maker.file(decoded, frame, request, { type, quality }) };
    });
  }
}
