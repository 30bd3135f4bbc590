import { type DicomDictionary } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { HeaderReader } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, DICTIONARY } from '../../tokens.js';
import { OHIF_METADATA, summaryOf, summaryText } from './instance-summary.js';

/**
 * Metadata 4202 of every instance where the viewer's data are preloaded. Nothing is done for it when an instance
 * arrives: the text is a function of the header, which is stored anyway.
 */
@Injectable()
export class PreloadedMetadata {
  /** Its key (MetadataNames); undefined where nothing is preloaded. */
  readonly key: string | undefined;

  constructor(
    @Inject(CONFIGURATION) { OHIF }: AnnalConfiguration,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
  ) {
    this.key = OHIF.DataSource === 'dicom-json' && OHIF.Preload ? String(OHIF_METADATA) : undefined;
  }

  /** The value; undefined where the instance is gone. @param instance its key in the read models */
  async value(instance: number): Promise<string | undefined> {
    const model = await this.headers.one(instance);
    return model && summaryText(summaryOf(model, this.dictionary));
  }
}
