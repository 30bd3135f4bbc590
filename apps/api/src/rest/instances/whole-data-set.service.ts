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
import type { StoredDataSet } from '../content/stored-data-set.js';
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
    const isLong = hasLongValues(stored.model.dataset, inFull);
    const dataset = isLong ? await this.withLongValues(stored) : stored.model.dataset;
    const behind = toEnd ? await stored.behind() : undefined;
    if (!behind) return dataset;
    return [...dataset, ...headerModel(behind.file, this.context()).dataset.slice(-behind.elements.length)];
  }

  /**
   * What the stored header holds, with the values in front of the pixel data in it however long they are; but for
   * encapsulated ones within items.
   * @throws OrthancError 413
   */
  async withLongValues(stored: StoredDataSet): Promise<HeaderDataSet> {
    const front = headerModel(await stored.whole(), this.context()).dataset;
    return [...front, ...stored.model.dataset.slice(front.length)];
  }

  private context(): HeaderContext {
    const defaultEncoding = this.settings.get('defaultEncoding');
    return { dictionary: this.dictionary, defaultEncoding, limits: UNLIMITED };
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
