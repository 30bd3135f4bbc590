import { checkFrame, type ImageDescription } from '@annal/dicom';
import { MultipartRelated } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { begun } from '../../http/answers/begun.js';
import type { Body } from '../../http/answers/send-body.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { FramesService, type OpenInstance } from '../../pixels/frames.service.js';
import { PictureMaker } from '../../pixels/picture-maker.js';
import type { Query } from '../../rest/resources/list-request.js';
import { CONFIGURATION } from '../../tokens.js';
import { allFrames } from '../common/frame-numbers.js';
import { multipartBytes, type Part } from '../common/part.js';
import { type InstancePath, WebInstances } from '../common/web-instances.service.js';
import { resourcePath } from '../common/web-paths.js';
import { AnimationService } from './animation.service.js';
import { ImagesBelow, type ImageBelow } from './images-below.service.js';
import { answeringAsRendered } from './rendered-errors.js';
import { type RenderedForm, renderedForm } from './rendered-form.js';
import { type RenderedQuery, renderedQuery } from './rendered-query.js';

/** What is to be rendered. */
export interface RenderedOrder {
  readonly path: { readonly study: string; readonly series?: string; readonly instance?: string };
  /** From 0 on; absent: no frame is named. */
  readonly frames?: readonly number[];
  /** Whether one picture is wanted, whatever there is. */
  readonly thumbnail: boolean;
  readonly query: Query;
  /** Media ranges. */
  readonly accept?: string;
  /** The URL of the services, with a slash at its end. */
  readonly base: string;
}

/** Rendered frames as they are answered. */
export interface RenderedAnswer {
  readonly type: string;
  readonly content: Body;
}

/** How each frame becomes a picture. */
interface Rendering extends RenderedQuery {
  readonly form: RenderedForm;
}

/** Renders frames for clients of DICOMweb (PS3.18 sections 8.3.5 and 10.4.1.1.3). */
@Injectable()
export class RenderedService {
  private readonly strict: boolean;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(WebInstances) private readonly instances: WebInstances,
    @Inject(ImagesBelow) private readonly images: ImagesBelow,
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(PictureMaker) private readonly maker: PictureMaker,
    @Inject(AnimationService) private readonly animations: AnimationService,
  ) {
    this.strict = Annal.DicomWebStrictStatus;
  }

  /**
   * One picture, or several in parts: where several frames are named, and where the client accepts nothing but parts.
   * @throws OrthancError 400 or 406, 404, 413, 503
   */
  answer(order: RenderedOrder): Promise<RenderedAnswer> {
    const form = renderedForm(order.accept);
    const rendering = { ...renderedQuery(order.query), form: form ?? this.unacceptable() };
    return answeringAsRendered(async () => {
      const { path, frames, thumbnail } = order;
      const several = !thumbnail && (rendering.form.multipart || (frames !== undefined && frames.length > 1));
      if (several) return this.parts(order, rendering);
      const image = await this.first(path);
      if (frames === undefined && !thumbnail && path.instance !== undefined && isAnimated(image.image, rendering)) {
        return { type: rendering.form.type, content: await this.animations.make(image, rendering) };
      }
      return { type: rendering.form.type, content: await this.picture(image, frames?.[0] ?? 0, rendering) };
    });
  }

  private async first(path: RenderedOrder['path']): Promise<OpenInstance> {
    if (path.series === undefined || path.instance === undefined) return this.images.first(path);
    return this.frames.inFile(await this.instances.one(path as InstancePath));
  }

  private picture(image: OpenInstance, frame: number, { form, quality, ...rendering }: Rendering): Promise<Buffer> {
    const { type } = form;
    return image.withFrame(frame, (decoded) =>
      this.maker.file(decoded, frame, { kind: 'web', ...rendering }, { type, quality }),
    );
  }

  private async parts(order: RenderedOrder, rendering: Rendering): Promise<RenderedAnswer> {
    const frame = new MultipartRelated(rendering.form.type);
    const content = await begun(multipartBytes(frame, this.everyPart(order, rendering)));
    return { type: frame.contentType, content };
  }

  private async *everyPart({ path, frames, base }: RenderedOrder, rendering: Rendering): AsyncGenerator<Part, void> {
    for await (const { file, image } of this.images.all(path)) {
      const { numberOfFrames } = image.image;
      // nothing is sent of a list that cannot be sent whole
      for (const frame of frames ?? []) checkFrame(frame, numberOfFrames);
      for (const frame of frames ?? allFrames(numberOfFrames))
        yield this.part(locationOf(base, path.study, file, frame), image, frame, rendering);
    }
  }

  private async part(location: string, image: OpenInstance, frame: number, rendering: Rendering): Promise<Part> {
    const bytes = await this.picture(image, frame, rendering);
    const headers = { 'Content-Type': rendering.form.type, 'Content-Location': location };
    return { headers, size: bytes.length, bytes };
  }

  private unacceptable(): never {
    const details = 'Rendered frames are served as image/jpeg, image/png and image/gif';
    throw new OrthancError(this.strict ? 'NotAcceptable' : 'ParameterOutOfRange', details);
  }
}

function isAnimated({ numberOfFrames }: ImageDescription, { form }: Rendering): boolean {
  return form.type === 'image/gif' && numberOfFrames > 1;
}

function locationOf(base: string, study: string, file: ImageBelow['file'], frame: number): string {
  const instance = resourcePath({ study, series: file.seriesInstanceUid, instance: file.sopInstanceUid });
  return `${base}${instance}/frames/${frame + 1}/rendered`;
}
