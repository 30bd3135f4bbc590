import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { OrthancError } from '../http/errors/http-errors.js';
import { InstanceFileService, type StoredFile } from '../rest/instances/instance-file.service.js';

/** A DICOM file in another transfer syntax. */
export interface TranscodedFile {
  readonly stream: Readable;
  /** Bytes; undefined where they are known at the end only. */
  readonly size?: number;
  /** Of the data set in the stream: a new one where pixels were lost (PS3.3 C.12.1.1). */
  readonly sopInstanceUid?: string;
}

/** Rewrites DICOM files in other transfer syntaxes. */
@Injectable()
export class TranscodeService {
  constructor(@Inject(InstanceFileService) private readonly files: InstanceFileService) {}

  /**
   * The file in another transfer syntax, as it is where it has that one already.
   *
   * @param syntax UID of the transfer syntax
   * @param quality of lossy compression, 1 to 100; default: the option DicomLossyTranscodingQuality
   * @throws OrthancError 400 for a transfer syntax that is unknown; 404, 413, 415 or 501 where it cannot be done
   */
  async transcode(file: StoredFile, syntax: string, _quality?: number): Promise<TranscodedFile> {
    await this.files.open(file);
    throw new OrthancError('NotImplemented', `Transcoding to ${syntax}`);
  }
}
