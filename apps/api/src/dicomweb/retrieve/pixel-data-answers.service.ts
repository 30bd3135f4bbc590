import { MultipartRelated } from '@annal/dicomweb';
import type { UidPath, WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { begun } from '../../http/answers/begun.js';
import { isHead } from '../../http/head-requests.js';
import { FrameParts, noPixels, type WantedFrames } from './frame-parts.service.js';
import { allFrames } from '../common/frame-numbers.js';
import { multipartBytes, type Part } from '../common/part.js';
import type { Body } from '../../http/answers/send-body.js';
import { frameContentType, WebFrames } from './web-frames.service.js';
import { WebInstances } from '../common/web-instances.service.js';

/** Sends all frames of studies, series and instances (PS3.18 section 10.4.1.1.6). */
@Injectable()
export class PixelDataAnswers {
  constructor(
    @Inject(WebInstances) private readonly instances: WebInstances,
    @Inject(WebFrames) private readonly frames: WebFrames,
    @Inject(FrameParts) private readonly parts: FrameParts,
  ) {}

  /**
   * All frames below a resource, in parts.
   * @throws OrthancError 400 or 406, 404, 413, 503
   */
  async send(path: UidPath, request: FastifyRequest, reply: FastifyReply): Promise<Body> {
    const files = await this.instances.files(path);
    const images = this.everyImage(path.study, files.all(), request);
    const first = await images.next();
    if (first.done) throw noPixels();
    // what is told of the whole is what holds for its first part
    const frame = new MultipartRelated(frameContentType(first.value.wanted.transferSyntax));
    reply.type(frame.contentType);
    if (isHead(request.raw)) {
      await images.return();
      return Readable.from([]);
    }
    const parts = this.everyFrame(first.value, images);
    return this.parts.explained(request, () => begun(multipartBytes(frame, parts)));
  }

  private async *everyImage(
    study: string,
    files: AsyncIterable<WebFile>,
    request: FastifyRequest,
  ): AsyncGenerator<WantedFrames, void> {
    for await (const file of files) {
      const source = await this.frames.open(file);
      if (!source || source.image.numberOfFrames === 0) continue;
      const wanted = this.parts.representation(request, source, false);
      const location = this.parts.location(request, study, file);
      yield { source, numbers: allFrames(source.image.numberOfFrames), wanted, location };
    }
  }

  private async *everyFrame(first: WantedFrames, others: AsyncIterable<WantedFrames>): AsyncGenerator<Part, void> {
    yield* this.parts.parts(first);
    for await (const image of others) yield* this.parts.parts(image);
  }
}
