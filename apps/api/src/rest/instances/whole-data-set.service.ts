import {
  type DicomDictionary,
  type HeaderContext,
  type HeaderDataSet,
  headerModel,
  itemsOf,
  orthancValue,
  type Tag,
} from '@annal/dicom';
import { Inject, Injectable } from '@nestjs/common';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { DICTIONARY, RUNTIME_SETTINGS } from '../../tokens.js';
import { StoredDataSets } from '../content/stored-data-sets.js';

/** The file is held in memory as it is: its values need not be left there. */
const UNLIMITED: HeaderContext['limits'] = { text: Infinity, bytes: Infinity };

/** What of a data set is wanted beside what the stored header holds. */
export interface WantedOfDataSet {
  /** What follows the pixel data, which is in the file alone. */
  readonly toEnd: boolean;
  /** The values of these tags, however long. */
  readonly inFull: ReadonlySet<Tag>;
}

/** Reads of data sets what is in the file, not in the stored header. */
@Injectable()
export class WholeDataSetService {
  constructor(
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings,
    @Inject(StoredDataSets) private readonly dataSets: StoredDataSets,
  ) {}

  /** The data set of an instance. @throws OrthancError 404; 413; 400 when what follows the pixel data is damaged */
  async read(id: string, { toEnd, inFull }: WantedOfDataSet): Promise<HeaderDataSet> {
    const stored = await this.dataSets.open(id);
    const defaultEncoding = this.settings.get('defaultEncoding');
    const context = { dictionary: this.dictionary, defaultEncoding, limits: UNLIMITED };
    let { dataset } = stored.model;
    if (hasLongValues(dataset, inFull)) {
      const front = headerModel(await stored.whole(), context).dataset;
      dataset = [...front, ...dataset.slice(front.length)];
    }
    const behind = toEnd ? await stored.behind() : undefined;
    if (!behind) return dataset;
    return [...dataset, ...headerModel(behind.file, context).dataset.slice(-behind.elements.length)];
  }
}

function hasLongValues(dataset: HeaderDataSet, tags: ReadonlySet<Tag>): boolean {
  if (tags.size === 0) return false;
  return dataset.some((element) => {
    const items = itemsOf(element);
    if (items) return items.some((item) => hasLongValues(item, tags));
    return tags.has(element[0]) && orthancValue(element, true).type === 'TooLong';
  });
}
