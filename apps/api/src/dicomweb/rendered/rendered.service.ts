import type { AnnalConfiguration } from '@annal/platform';
import { instancesById, type LocatedResource, type StatementRunner, type UidPath } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { PictureType } from '../../pixels/encode-picture.js';
import { FrameError } from '../../pixels/frame-error.js';
import { FramesService, type OpenInstance } from '../../pixels/frames.service.js';
import { PictureMaker } from '../../pixels/picture-maker.js';
import type { Query } from '../../rest/resources/list-request.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { LocateService } from '../common/locate.service.js';
import { answeringAsRendered } from './rendered-errors.js';
import { renderedForm } from './rendered-form.js';
import { renderedQuery } from './rendered-query.js';

/** What is to be rendered. */
export interface RenderedOrder {
  readonly path: UidPath;
  /** From 0 on. */
  readonly frame: number;
  readonly query: Query;
  /** The header. */
  readonly accept?: string;
}

/** A rendered frame as it is answered. */
export interface RenderedPicture {
  readonly type: PictureType;
  readonly content: Buffer;
}

/** So many instances of a study or series are looked at to find an image. */
const LOOKED_AT = 1000;
const PAGE = 50;

/** Renders frames for clients of DICOMweb (PS3.18 sections 8.3.5 and 10.4.1.1.3). */
@Injectable()
export class RenderedService {
  private readonly strict: boolean;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(LocateService) private readonly locate: LocateService,
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(PictureMaker) private readonly maker: PictureMaker,
  ) {
    this.strict = Annal.DicomWebStrictStatus;
  }

  /**
   * One picture; of a study or a series that of its first image, by identifier.
   * @throws OrthancError 400 or 406, 404, 413, 503
   */
  async picture({ path, frame, query, accept }: RenderedOrder): Promise<RenderedPicture> {
    const { quality, ...rendering } = renderedQuery(query);
    const form = renderedForm(query.accept ?? accept);
    if (!form) throw this.unacceptable();
    return answeringAsRendered(async () => {
      const instance = await this.open(path);
      return instance.withFrame(frame, async (decoded) => {
        const { type } = form;
        return {
          type,
          content: await this.maker.file(decoded, frame, { kind: 'web', ...rendering }, { type, quality }),
        };
      });
    });
  }

  private async open(path: UidPath): Promise<OpenInstance> {
    const located = await this.locate.find(path);
    return located.instance ? this.frames.instance(located.instance.id) : this.firstImage(located);
  }

  private async firstImage(located: LocatedResource): Promise<OpenInstance> {
    let after = '';
    for (let seen = 0; seen < LOOKED_AT; seen += PAGE) {
      const page = await instancesById(this.pool, located, after, PAGE);
      for (const id of page) {
        const image = await this.imageOf(id);
        if (image) return image;
      }
      if (page.length < PAGE) break;
      after = page.at(-1)!;
    }
    throw new OrthancError('ParameterOutOfRange', 'There is no image to render');
  }

  /** Undefined where the instance is no image. */
  private async imageOf(id: string): Promise<OpenInstance | undefined> {
    try {
      const instance = await this.frames.instance(id);
      return instance.image.pixelData ? instance : undefined;
    } catch (error) {
      if (error instanceof FrameError && error.reason === 'description') return undefined;
      throw error;
    }
  }

  private unacceptable(): OrthancError {
    const details = 'Rendered frames are served as image/jpeg, image/png and image/gif';
    return this.strict ? new OrthancError('NotAcceptable', details) : new OrthancError('ParameterOutOfRange', details);
  }
}
