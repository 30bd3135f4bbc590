import { MultipartRelated } from '@annal/dicomweb';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { begun } from '../../http/answers/begun.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { isHead } from '../../http/head-requests.js';
import { frameLocation, FrameParts, noPixels, type WantedFrames } from './frame-parts.service.js';
import { multipartBytes, multipartSize, type Part } from '../common/part.js';
import type { Body } from '../../http/answers/send-body.js';
import { frameContentType, WebFrames } from './web-frames.service.js';
import { type InstancePath, WebInstances } from '../common/web-instances.service.js';

/** Sends frames of an instance (PS3.18 section 10.4.1.1.4). */
@Injectable()
export class FrameAnswers {
  constructor(
    @Inject(WebInstances) private readonly instances: WebInstances,
    @Inject(WebFrames) private readonly frames: WebFrames,
    @Inject(FrameParts) private readonly parts: FrameParts,
  ) {}

  /**
   * Frames of an instance, in parts unless the client accepts the one frame that it asks for without.
   * @param numbers from 0 on
   * @throws OrthancError 400 or 406, 404, 413, 503
   */
  async send(
    path: InstancePath,
    numbers: readonly number[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Body> {
    const file = await this.instances.one(path);
    const source = await this.frames.open(file);
    if (!source) throw noPixels();
    for (const number of numbers) WebFrames.check(source, number);
    const wanted = this.parts.representation(request, source, numbers.length === 1);
    const frames = { source, numbers, wanted, location: this.parts.location(request, path.study, file) };
    return this.parts.explained(request, () => this.answer(frames, isHead(request.raw), reply));
  }

  private async answer(frames: WantedFrames, head: boolean, reply: FastifyReply): Promise<Body> {
    const { source, wanted } = frames;
    const size = WebFrames.size(source, wanted);
    const type = frameContentType(wanted.transferSyntax);
    if (!wanted.multipart) {
      reply.type(type);
      return this.single(frames, size, head, reply);
    }
    const frame = new MultipartRelated(type);
    reply.type(frame.contentType);
    if (size !== undefined) reply.header('Content-Length', multipartSize(type, sizedParts(frames, type, size)));
    if (head) return Readable.from([]);
    return begun(multipartBytes(frame, this.parts.parts(frames)));
  }

  private async single(
    frames: WantedFrames,
    size: number | undefined,
    head: boolean,
    reply: FastifyReply,
  ): Promise<Body> {
    if (head) {
      if (size !== undefined) reply.header('Content-Length', size);
      return Readable.from([]);
    }
    const part = await this.parts.parts(frames).next();
    if (part.done) throw new OrthancError('ParameterOutOfRange');
    reply.header('Content-Length', part.value.size).header('Content-Location', part.value.headers['Content-Location']);
    return part.value.bytes;
  }
}

/** The parts of an answer whose frames have so many bytes each. */
function* sizedParts(
  { numbers, location }: WantedFrames,
  type: string,
  size: number,
): Generator<Pick<Part, 'headers' | 'size'>> {
  for (const number of numbers) {
    yield { headers: { 'Content-Location': frameLocation(location, number), 'Content-Type': type }, size };
  }
}
