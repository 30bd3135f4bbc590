import type { AnnalConfiguration } from '@annal/platform';
import type { WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { IN_ONE_PIECE, type SentBytes } from '../../http/answers/sent-bytes.js';
import { canOnlyBeStored, TranscodeService } from '../../pixels/transcode.service.js';
import { complete } from '../../http/answers/complete.js';
import { InstanceFileService } from '../../rest/instances/instance-file.service.js';
import { CONFIGURATION } from '../../tokens.js';
import { readAhead } from '../../zip/read-ahead.js';
import type { Part } from '../common/part.js';

/** In which transfer syntax files are sent. */
export interface FileTarget {
  /** UID; `*`: each as it is stored. */
  readonly transferSyntax: string;
  /** Whether it was not asked for by name, so that what cannot be put into it goes out as it is stored. */
  readonly orStored: boolean;
  /** Aborted when nobody waits for the files any more. */
  readonly gone: AbortSignal;
}

/** How many files are read ahead, where the configuration does not say; and at most. */
const [USUALLY_AHEAD, MOST_AHEAD] = [4, 64];

const HEADERS = { 'Content-Type': 'application/dicom' };

/** Reads the files of an answer, some ahead of the client. */
@Injectable()
export class FileParts {
  private readonly ahead: number;

  constructor(
    @Inject(CONFIGURATION) { DicomWeb }: AnnalConfiguration,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
  ) {
    const { WadoRsLoaderThreadsCount: count } = DicomWeb;
    this.ahead = count === 0 ? USUALLY_AHEAD : Math.min(count, MOST_AHEAD);
  }

  /** Whether a file goes out as it is stored. */
  static asStored({ transferSyntax }: WebFile, target: FileTarget): boolean {
    return target.transferSyntax === '*' || target.transferSyntax === transferSyntax;
  }

  /** The bytes of a file. @throws OrthancError 404, 413, 500, 503; NotTranscodable */
  async body(file: WebFile, target: FileTarget): Promise<SentBytes> {
    if (FileParts.asStored(file, target)) return this.files.content(file);
    try {
      const { stream, size } = await this.transcoder.transcode(file, target.transferSyntax, undefined, target.gone);
      return { size, bytes: complete(stream, size) };
    } catch (error) {
      if (!canOnlyBeStored(error) || !target.orStored) throw error;
      return this.files.content(file);
    }
  }

  /** A part for a file. @throws as `body` */
  async *part(file: WebFile, target: FileTarget): AsyncGenerator<Part, void> {
    yield { headers: HEADERS, ...(await this.body(file, target)) };
  }

  /**
   * A part for each file, those that are small read before they are asked for.
   * @throws as `body`
   */
  async *parts(files: AsyncIterable<WebFile>, target: FileTarget): AsyncGenerator<Part, void> {
    const begun = this.started(files, target);
    for await (const body of readAhead(begun, (waiting) => waiting.length < this.ahead)) {
      yield { headers: HEADERS, ...(await body()) };
    }
  }

  /** Starts reading what fits into memory; all else is read, or made, when its turn comes. */
  private async *started(
    files: AsyncIterable<WebFile>,
    target: FileTarget,
  ): AsyncGenerator<() => Promise<SentBytes>, void> {
    for await (const file of files) {
      if (!FileParts.asStored(file, target) || file.size > IN_ONE_PIECE) yield () => this.body(file, target);
      else {
        const body = this.files.content(file);
        // it is looked at when its turn comes
        body.catch(() => undefined);
        yield () => body;
      }
    }
  }
}
