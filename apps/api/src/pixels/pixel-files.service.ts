import { type HeaderModel, imageElements } from '@annal/dicom';
import { type AnnalConfiguration, RecentlyUsed } from '@annal/platform';
import { HeaderReader } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../http/errors/http-errors.js';
import { InstanceFileService, type StoredFile } from '../rest/instances/instance-file.service.js';
import { CONFIGURATION } from '../tokens.js';
import { PixelFile } from './pixel-file.js';

/**
 * Opens files for their pixels, and keeps how the frames of those are found that were asked for last: viewers ask for one
 * frame after the other. Who opens a file has looked it up, so that nothing of a deleted one is found here.
 */
@Injectable()
export class PixelFiles {
  /** By the key of the file, which is never reused. */
  private readonly recent: RecentlyUsed<PixelFile>;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
  ) {
    this.recent = new RecentlyUsed(Annal.Limits.ImageCacheSize, ({ size }) => size);
  }

  /** @param header of the file, where it has been looked up. @throws OrthancError 404 */
  async open(file: StoredFile, header?: HeaderModel): Promise<PixelFile> {
    const known = this.recent.get(file.blobKey);
    if (known) return known;
    const model = header ?? (await this.headers.one(file.key));
    if (!model) throw new OrthancError('UnknownResource');
    const opened = new PixelFile(this.files, file, imageElements(model));
    this.recent.set(file.blobKey, opened);
    return opened;
  }
}
