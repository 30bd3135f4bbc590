import type { WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { RangedFile } from '../../http/answers/ranges.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { queryPairs } from '../../http/query-string.js';
import type { PictureType } from '../../pixels/encode-picture.js';
import { FramesService } from '../../pixels/frames.service.js';
import { PictureMaker } from '../../pixels/picture-maker.js';
import { NotTranscodable, TranscodeService } from '../../pixels/transcode.service.js';
import { InstanceFileService } from '../../rest/instances/instance-file.service.js';
import type { Query } from '../../rest/resources/list-request.js';
import { WebInstances } from '../common/web-instances.service.js';
import { answeringAsRendered } from '../rendered/rendered-errors.js';
import { wantedContent } from './wado-content-type.js';
import { checkServed, wadoPicture } from './wado-query.js';

const DICOM = 'application/dicom';

/** An object as it is answered. */
export type WadoAnswer =
  | { readonly type: PictureType; readonly content: Buffer }
  | { readonly type: typeof DICOM; readonly stream: Readable; readonly size: number }
  | RangedFile;

const ANY = '*';

/** Answers requests of WADO-URI (PS3.18 section 9). */
@Injectable()
export class WadoUriService {
  constructor(
    @Inject(WebInstances) private readonly instances: WebInstances,
    @Inject(FramesService) private readonly frames: FramesService,
    @Inject(PictureMaker) private readonly maker: PictureMaker,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
  ) {}

  /**
   * @param pairs all parameters of the query, repeated ones too
   * @param gone aborted when the client hangs up, which ends the making of a file
   * @throws OrthancError 400, 404, 413, 501, 503
   */
  async answer(query: Query, pairs: ReturnType<typeof queryPairs>, gone: AbortSignal): Promise<WadoAnswer> {
    const found = await this.find(query);
    checkServed(pairs);
    const { type, transferSyntax } = wantedContent(query.contentType);
    if (type === DICOM) return this.file(found, query.transferSyntax || transferSyntax, gone);
    const { frame, quality, rendering } = wadoPicture(query);
    return answeringAsRendered(async () => {
      const instance = await this.frames.inFile(found);
      return instance.withFrame(frame, async (decoded) => {
        const request = { kind: 'rendered' as const, ...rendering };
        return { type, content: await this.maker.file(decoded, frame, request, { type, quality }) };
      });
    });
  }

  /** The instance that a request names. @throws OrthancError 404, as Orthanc's plugin answers all that is missing */
  private async find({ requestType, objectUID, studyUID, seriesUID }: Query): Promise<WebFile> {
    if (requestType !== 'WADO' || objectUID === undefined) throw new OrthancError('UnknownResource');
    const uids = { instance: objectUID, study: studyUID || undefined, series: seriesUID || undefined };
    const found = await this.instances.named(uids);
    if (found.length !== 1) throw new OrthancError('UnknownResource');
    return found[0]!;
  }

  private async file(file: WebFile, transferSyntax: string | undefined, gone: AbortSignal): Promise<WadoAnswer> {
    if (transferSyntax === undefined || transferSyntax === ANY) {
      return { type: DICOM, size: file.size, open: (start, end) => this.files.open(file, start, end) };
    }
    const { stream, size } = await this.transcoded(() =>
      this.transcoder.transcode(file, transferSyntax, undefined, gone),
    );
    return { type: DICOM, stream, size };
  }

  private async transcoded<R>(task: () => Promise<R>): Promise<R> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof NotTranscodable)) throw error;
      throw new OrthancError('BadRequest', 'WADO-URI: the object cannot be put into this transfer syntax');
    }
  }
}
