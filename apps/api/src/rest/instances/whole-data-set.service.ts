import { type DicomDictionary, type HeaderDataSet, headerModel } from '@annal/dicom';
import { Inject, Injectable } from '@nestjs/common';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { DICTIONARY, RUNTIME_SETTINGS } from '../../tokens.js';
import { StoredDataSets } from '../content/stored-data-sets.js';

/** Reads data sets to their end: what follows the pixel data is in the file alone, not in the stored header. */
@Injectable()
export class WholeDataSetService {
  constructor(
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings,
    @Inject(StoredDataSets) private readonly dataSets: StoredDataSets,
  ) {}

  /** The data set of an instance. @throws OrthancError 404; 413; 400 when what follows the pixel data is damaged */
  async read(id: string): Promise<HeaderDataSet> {
    const stored = await this.dataSets.open(id);
    const { dataset } = stored.model;
    const behind = await stored.behind();
    if (!behind) return dataset;
    const context = { dictionary: this.dictionary, defaultEncoding: this.settings.get('defaultEncoding') };
    const following = headerModel(behind.file, context).dataset.slice(-behind.elements.length);
    return [...dataset, ...following];
  }
}
