import { keepsPixels } from '@annal/dicom';
import { HeaderReader, type WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { TranscodeService } from '../../pixels/transcode.service.js';
import type { FileTarget } from './file-parts.service.js';

/** How many headers are read by one statement, and held at once. */
const BATCH = 200;

/** Finds out before anything is sent whether all files of an answer can be put into the transfer syntax that is named. */
@Injectable()
export class TranscodableFiles {
  constructor(
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
  ) {}

  /**
   * Looks into the headers of those files whose pixels would change; no file is opened.
   * @throws NotTranscodable where that keeps one of them from it; FrameError for what is beyond a limit
   */
  async check(files: AsyncIterable<WebFile>, { transferSyntax, orStored }: FileTarget): Promise<void> {
    if (orStored || transferSyntax === '*') return;
    let keys: number[] = [];
    for await (const file of files) {
      if (keepsPixels(file.transferSyntax, transferSyntax)) continue;
      keys.push(file.key);
      if (keys.length < BATCH) continue;
      await this.look(keys, transferSyntax);
      keys = [];
    }
    if (keys.length > 0) await this.look(keys, transferSyntax);
  }

  private async look(keys: readonly number[], transferSyntax: string): Promise<void> {
    for (const header of (await this.headers.some(keys)).values()) this.transcoder.check(header, transferSyntax);
  }
}
