import {
  instancesById,
  type LocatedResource,
  type StatementRunner,
  type UidPath,
  type WebFile,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { FrameError } from '../../pixels/frame-error.js';
import { FramesService, type OpenInstance } from '../../pixels/frames.service.js';
import { POOL } from '../../tokens.js';
import { LocateService } from '../common/locate.service.js';
import { WebInstances } from '../common/web-instances.service.js';

/** An instance that is an image. */
export interface ImageBelow {
  readonly file: WebFile;
  readonly image: OpenInstance;
}

/** So many instances of a study or series are looked at to find an image. */
const LOOKED_AT = 1000;
const PAGE = 50;

/** Finds the images of studies and series. */
@Injectable()
export class ImagesBelow {
  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(LocateService) private readonly locate: LocateService,
    @Inject(WebInstances) private readonly instances: WebInstances,
    @Inject(FramesService) private readonly frames: FramesService,
  ) {}

  /** The first image of a study or a series by identifier. @throws OrthancError 400 where there is none, 404 */
  async first(path: UidPath): Promise<OpenInstance> {
    const located = await this.locate.find(path);
    for await (const id of this.identifiers(located)) {
      const image = await imageOf(() => this.frames.instance(id));
      if (image) return image;
    }
    throw noImage();
  }

  /** The images of a study or a series, or an instance that is one. @throws OrthancError 400 where there is none, 404 */
  async *all(path: UidPath): AsyncGenerator<ImageBelow, void> {
    let some = false;
    const files = await this.instances.files(path);
    for await (const file of files.all()) {
      const image = await imageOf(() => this.frames.inFile(file));
      if (image) yield { file, image };
      some ||= image !== undefined;
    }
    if (!some) throw noImage();
  }

  private async *identifiers(located: LocatedResource): AsyncGenerator<string, void> {
    let after = '';
    for (let seen = 0; seen < LOOKED_AT; seen += PAGE) {
      const page = await instancesById(this.pool, located, after, PAGE);
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)!;
    }
  }
}

/** Undefined where the instance is no image. */
async function imageOf(open: () => Promise<OpenInstance>): Promise<OpenInstance | undefined> {
  try {
    const instance = await open();
    return instance.image.pixelData ? instance : undefined;
  } catch (error) {
    if (error instanceof FrameError && error.reason === 'description') return undefined;
    throw error;
  }
}

function noImage(): OrthancError {
  return new OrthancError('ParameterOutOfRange', 'There is no image to render');
}
