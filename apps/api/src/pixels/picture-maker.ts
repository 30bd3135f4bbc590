import { type Picture, type PictureRequest, pictureSize, shownFrame } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../http/errors/http-errors.js';
import { release } from '../load/release.js';
import { CONFIGURATION } from '../tokens.js';
import { encodePicture, type PictureForm } from './encode-picture.js';
import { FrameRenderer } from './frame-renderer.js';
import type { FrameOfInstance } from './frames.service.js';

/** Makes pictures of decoded frames. */
@Injectable()
export class PictureMaker {
  /** Pixels that a picture may have, where its size is not that of the frame. */
  readonly maxPixels: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(FrameRenderer) private readonly renderer: FrameRenderer,
  ) {
    this.maxPixels = Annal.Limits.MaxPictureSize;
  }

  /**
   * @param frame its number, from 0 on
   * @throws PixelDataError; OrthancError 406, 413
   */
  async file(decoded: FrameOfInstance, frame: number, request: PictureRequest, form: PictureForm): Promise<Buffer> {
    const picture = await this.picture(decoded, frame, request);
    const file = await encodePicture(picture, form);
    release([picture.data]);
    return file;
  }

  /** As `file`, before it is encoded. The decoded frame is gone afterwards, as are its bytes as they were stored. */
  async picture(decoded: FrameOfInstance, frame: number, request: PictureRequest): Promise<Picture> {
    const added = this.addedPixels(decoded, request);
    const picture = await this.renderer.make(shownFrame(decoded, frame), { make: 'picture', request }, added);
    if (picture.data.buffer !== decoded.frame.data.buffer) release([decoded.frame.data]);
    return picture;
  }

  /** The pixels of a picture in another size than the frame's. */
  private addedPixels({ frame }: FrameOfInstance, request: PictureRequest): number {
    const { width, height } = pictureSize(frame, request);
    const pixels = width * height;
    if (pixels === frame.columns * frame.rows) return 0;
    if (pixels > this.maxPixels) throw new OrthancError('BadRequest', `More than ${this.maxPixels} pixels`, 413);
    return pixels;
  }
}
