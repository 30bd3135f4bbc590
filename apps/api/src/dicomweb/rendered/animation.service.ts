import { frameDuration, type Picture } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { animatedGif } from '../../pixels/encode-picture.js';
import type { OpenInstance } from '../../pixels/frames.service.js';
import { PictureMaker } from '../../pixels/picture-maker.js';
import { CONFIGURATION } from '../../tokens.js';
import type { RenderedQuery } from './rendered-query.js';

/** Milliseconds between frames where the image does not say. */
const USUAL_DURATION = 100;

/** Shows all frames of an image in one GIF. */
@Injectable()
export class AnimationService {
  private readonly maxPixels: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(PictureMaker) private readonly maker: PictureMaker,
  ) {
    this.maxPixels = Annal.Limits.MaxAnimationSize;
  }

  /** @throws FrameError; OrthancError 413 */
  async make(instance: OpenInstance, { window, viewport }: RenderedQuery): Promise<Buffer> {
    const { numberOfFrames, columns, rows } = instance.image;
    const { width, height } = viewport ?? { width: columns, height: rows };
    if (width * height * numberOfFrames > this.maxPixels) {
      const details = `More than ${this.maxPixels} pixels in all frames: ask for a smaller viewport, or for one frame`;
      throw new OrthancError('BadRequest', details, 413);
    }
    const pictures: Picture[] = [];
    let duration: number | undefined;
    for (let frame = 0; frame < numberOfFrames; frame++) {
      const request = { kind: 'web' as const, ...(window && { window }), ...(viewport && { viewport }) };
      await instance.withFrame(frame, async (decoded) => {
        duration ??= frameDuration(decoded.model);
        pictures.push(await this.maker.picture(decoded, frame, request));
      });
    }
    return animatedGif(pictures, Math.round(duration ?? USUAL_DURATION));
  }
}
