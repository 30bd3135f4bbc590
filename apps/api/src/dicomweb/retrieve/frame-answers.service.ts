import { acceptOf, type FrameRepresentation, frameRepresentation, MultipartRelated } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import type { UidPath, WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { OrthancError } from '../../http/errors/http-errors.js';
import { isHead } from '../../http/head-requests.js';
import { FrameError } from '../../pixels/frame-error.js';
import { NotTranscodable } from '../../pixels/transcode.service.js';
import type { Query } from '../../rest/resources/list-request.js';
import { CONFIGURATION } from '../../tokens.js';
import { unacceptable } from '../common/unacceptable.js';
import { WebUrls } from '../common/web-urls.js';
import { begun, multipartBytes, type Part, partHead } from './part.js';
import { frameContentType, type FrameSource, WebFrames } from './web-frames.service.js';
import { type InstancePath, WebInstances } from './web-instances.service.js';

/** Frames of one instance on their way. */
interface WantedFrames {
  readonly source: FrameSource;
  readonly numbers: Iterable<number>;
  readonly wanted: FrameRepresentation;
  /** URL of the instance, with a slash at its end. */
  readonly location: string;
}

/** Sends frames, and all frames as pixel data (PS3.18 sections 10.4.1.1.4 and 10.4.1.1.6). */
@Injectable()
export class FrameAnswers {
  private readonly strict: boolean;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(WebInstances) private readonly instances: WebInstances,
    @Inject(WebFrames) private readonly frames: WebFrames,
    @Inject(WebUrls) private readonly urls: WebUrls,
  ) {
    this.strict = Annal.DicomWebStrictStatus;
  }

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
  ): Promise<Readable | Buffer> {
    const file = await this.instances.one(path);
    const source = await this.frames.open(file);
    if (!source) throw noPixels();
    for (const number of numbers) WebFrames.check(source, number);
    const accept = acceptOfRequest(request);
    const wanted = this.representation(accept, source, numbers.length === 1);
    const location = this.location(request, path.study, file);
    return this.explained(accept, () => this.answer({ source, numbers, wanted, location }, request, reply));
  }

  /**
   * All frames below a study, a series or an instance, in parts.
   * @throws OrthancError 400 or 406, 404, 413, 503
   */
  async pixelData(path: UidPath, request: FastifyRequest, reply: FastifyReply): Promise<Readable> {
    const accept = acceptOfRequest(request);
    const files = await this.instances.files(path);
    const parts = this.everyFrame(path.study, files.all(), request);
    // what is told of the whole is what holds for its first part
    const first = await this.explained(accept, () => parts.next());
    if (first.done) throw noPixels();
    const frame = new MultipartRelated(first.value.headers['Content-Type']!);
    reply.type(frame.contentType);
    const stream = await begun(multipartBytes(frame, following(first.value, parts)));
    if (isHead(request.raw) || reply.raw.destroyed) stream.destroy();
    return isHead(request.raw) ? Readable.from([]) : stream;
  }

  private async answer(frames: WantedFrames, request: FastifyRequest, reply: FastifyReply): Promise<Readable | Buffer> {
    const { source, wanted } = frames;
    const size = WebFrames.size(source, wanted);
    const type = frameContentType(wanted.transferSyntax);
    if (!wanted.multipart) {
      reply.type(type);
      return this.single(frames, size, request, reply);
    }
    const frame = new MultipartRelated(type);
    reply.type(frame.contentType);
    if (size !== undefined) reply.header('Content-Length', multipartSize(frames, type, size));
    if (isHead(request.raw)) return Readable.from([]);
    return sendable(await begun(multipartBytes(frame, this.parts(frames))), reply);
  }

  private async single(
    frames: WantedFrames,
    size: number | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable | Buffer> {
    if (isHead(request.raw)) {
      if (size !== undefined) reply.header('Content-Length', size);
      return Readable.from([]);
    }
    const part = await this.parts(frames).next();
    if (part.done) throw new OrthancError('ParameterOutOfRange');
    reply.header('Content-Length', part.value.size).header('Content-Location', part.value.headers['Content-Location']);
    const { bytes } = part.value;
    return Buffer.isBuffer(bytes) ? bytes : sendable(Readable.from(bytes, { objectMode: false }), reply);
  }

  private async *parts({ source, numbers, wanted, location }: WantedFrames): AsyncGenerator<Part, void> {
    for (const number of numbers) yield this.frames.part(source, number, wanted, `${location}frames/${number + 1}`);
  }

  private async *everyFrame(
    study: string,
    files: AsyncIterable<WebFile>,
    request: FastifyRequest,
  ): AsyncGenerator<Part, void> {
    for await (const file of files) {
      const source = await this.frames.open(file);
      if (!source) continue;
      const wanted = this.representation(acceptOfRequest(request), source, false);
      const location = this.location(request, study, file);
      const count = source.image.numberOfFrames;
      yield* this.parts({ source, numbers: upTo(count), wanted, location });
    }
  }

  private representation(accept: string | undefined, source: FrameSource, single: boolean): FrameRepresentation {
    const canMake = (uid: string): boolean => WebFrames.canMake(source, uid);
    const wanted = frameRepresentation(accept, WebFrames.stored(source, single), canMake);
    if (!wanted) throw unacceptable(this.strict, accept);
    return wanted;
  }

  /** What cannot be put into the transfer syntax that was asked for is nothing that the client accepts. */
  private async explained<R>(accept: string | undefined, task: () => Promise<R>): Promise<R> {
    try {
      return await task();
    } catch (error) {
      const cannot =
        error instanceof NotTranscodable || (error instanceof FrameError && error.reason === 'unsupported');
      throw cannot ? unacceptable(this.strict, accept) : error;
    }
  }

  private location(request: FastifyRequest, study: string, { seriesInstanceUid, sopInstanceUid }: WebFile): string {
    return `${this.urls.base(request)}studies/${study}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/`;
  }
}

function acceptOfRequest({ headers, query }: FastifyRequest): string | undefined {
  return acceptOf(headers.accept, (query as Query).accept);
}

function noPixels(): OrthancError {
  return new OrthancError('InexistentItem', 'There is no pixel data');
}

function* upTo(count: number): Generator<number, void> {
  for (let number = 0; number < count; number++) yield number;
}

async function* following(first: Part, rest: AsyncIterable<Part>): AsyncGenerator<Part, void> {
  yield first;
  yield* rest;
}

/** Bytes of a multipart answer whose frames have so many each. */
function multipartSize({ numbers, location }: WantedFrames, type: string, size: number): number {
  const frame = new MultipartRelated(type);
  let total = 0;
  for (const number of numbers) {
    const headers = { 'Content-Location': `${location}frames/${number + 1}`, 'Content-Type': type };
    total += partHead(frame, { headers, size }).length + size;
  }
  return total + frame.end().length;
}

/** Whoever has hung up in the meantime is sent nothing. */
function sendable(stream: Readable, reply: FastifyReply): Readable {
  if (reply.raw.destroyed) stream.destroy();
  return stream;
}
