import type { DicomDictionary, HeaderElement } from '@annal/dicom';
import { EXPLICIT_LITTLE_ENDIAN, findElement, isByteRange } from '@annal/dicom';
import { mediaTypeOfFrames } from '@annal/dicomweb';
import { HeaderReader, type UidPath } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { type SentBytes } from '../../../http/answers/sent-bytes.js';
import { BareStatus, OrthancError } from '../../../http/errors/http-errors.js';
import { FrameError } from '../../../pixels/frame-error.js';
import { FramesService } from '../../../pixels/frames.service.js';
import { NotTranscodable, TranscodeService } from '../../../pixels/transcode.service.js';
import { type Content, ContentService } from '../../../rest/content/content.service.js';
import { DICTIONARY } from '../../../tokens.js';
import { LocateService } from '../../common/locate.service.js';

const PIXEL_DATA = 0x7fe00010;
const NUMBER = /^[1-9]\d{0,9}$/;

/** Bytes that can be sent from anywhere on. */
export interface BulkValue {
  readonly size: number;
  open(start: number, end: number): Promise<Readable>;
}

/** Pixel data that are stored in fragments. */
export interface BulkFrames {
  readonly count: number;
  /** Of a frame as it is stored. */
  readonly mediaType: string;
  readonly transferSyntax: string;
  stored(frame: number): Promise<SentBytes>;
  decoded(frame: number): Promise<Buffer>;
}

/** Finds what the URIs of bulk data lead to (PS3.18 section 10.4.1.1.5). */
@Injectable()
export class BulkDataService {
  constructor(
    @Inject(LocateService) private readonly resources: LocateService,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(ContentService) private readonly content: ContentService,
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
  ) {}

  /**
   * @param path tags and numbers of items, from 1, by turns, e.g. `0040a730/1/00281201`
   * @throws OrthancError 400, 404
   */
  async at(uids: Required<UidPath>, path: string): Promise<BulkValue | BulkFrames> {
    const steps = path.split('/');
    if (steps.length % 2 === 0) {
      throw new OrthancError(
        'BadRequest',
        `Bulk data URI in WADO-RS should have an odd number of items: ${path.slice(0, 256)}`,
      );
    }
    const tags = steps.filter((_, at) => at % 2 === 0).map((text) => this.dictionary.parseTag(text)?.tag);
    if (tags.includes(undefined)) throw new OrthancError('UnknownDicomTag');
    const { instance } = await this.resources.find(uids);
    const { id, key } = instance!;
    if (tags.length > 1 || tags[0] !== PIXEL_DATA) return this.value(id, fromZero(steps));
    const model = await this.headers.one(key);
    const pixels = model && findElement(model.dataset, PIXEL_DATA);
    if (!pixels) throw new OrthancError('InexistentItem');
    return isEncapsulated(pixels) ? this.framesOf(id, model.syntax) : this.value(id, [...steps, '0']);
  }

  private async value(id: string, path: readonly string[]): Promise<BulkValue> {
    const content = await this.contentAt(id, path);
    if (Buffer.isBuffer(content)) {
      return { size: content.length, open: async (start, end) => Readable.from([content.subarray(start, end)]) };
    }
    if (!('open' in content)) throw new OrthancError('BadRequest', 'A sequence is no bulk data');
    const { size } = content;
    const whole = async (start: number, end: number): Promise<Readable> =>
      Readable.from(cut(await content.open(), start, end), { objectMode: false });
    return { size, open: (start, end) => content.part?.(start, end) ?? whole(start, end) };
  }

  private async contentAt(id: string, path: readonly string[]): Promise<Content> {
    try {
      return await this.content.at(id, path);
    } catch (error) {
      throw error instanceof BareStatus && error.status === 404 ? new OrthancError('InexistentItem') : error;
    }
  }

  private async framesOf(id: string, syntax: string): Promise<BulkFrames> {
    const { numberOfFrames } = await this.frames.image(id);
    const pixels = await this.frames.open(id);
    return {
      count: numberOfFrames,
      mediaType: mediaTypeOfFrames(syntax),
      transferSyntax: syntax,
      stored: (frame) => this.frames.rawFrame(id, frame),
      decoded: (frame) =>
        this.transcoder.frame(pixels, frame, EXPLICIT_LITTLE_ENDIAN).catch((error: unknown) => {
          throw error instanceof NotTranscodable ? new FrameError('unsupported', error.reason) : error;
        }),
    };
  }
}

function isEncapsulated([, , value]: HeaderElement): boolean {
  return isByteRange(value) && value.e === 1;
}

/** The numbers of items as the data set counts them. @throws OrthancError 404 */
function fromZero(steps: readonly string[]): readonly string[] {
  return steps.map((step, at) => {
    if (at % 2 === 0) return step;
    if (!NUMBER.test(step)) throw new OrthancError('InexistentItem');
    return String(Number(step) - 1);
  });
}

/** The bytes of a stream from `start` to `end` (exclusive). */
async function* cut(source: Readable, start: number, end: number): AsyncGenerator<Buffer, void> {
  let at = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const wanted = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += chunk.length;
    if (wanted.length > 0) yield wanted;
    if (at >= end) return;
  }
}
