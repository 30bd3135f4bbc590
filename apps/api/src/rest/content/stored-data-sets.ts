import { dataSetOffset, type DicomDictionary, isDeflated } from '@annal/dicom';
import { type AnnalConfiguration, tokenizerLimits } from '@annal/platform';
import { HeaderReader } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { CONFIGURATION, DICTIONARY } from '../../tokens.js';
import { InstanceFileService, type StoredFile } from '../instances/instance-file.service.js';
import type { FileBytes } from './file-bytes.js';
import { InflatedBytes } from './inflated-bytes.js';
import { MAXIMUM_READ, type ReadOptions, StoredDataSet } from './stored-data-set.js';

/** The meta information of nearly every file is within. */
const META_SIZE = 4096;

/** Opens the data sets of stored instances. */
@Injectable()
export class StoredDataSets {
  private readonly options: ReadOptions;

  constructor(
    @Inject(DICTIONARY) dictionary: DicomDictionary,
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
  ) {
    const limits = { ...tokenizerLimits(configuration), maxInflatedSize: MAXIMUM_READ };
    this.options = { lookup: dictionary, limits };
  }

  /** @throws OrthancError 404 */
  async open(id: string): Promise<StoredDataSet> {
    return this.openFile(await this.files.find(id));
  }

  /** @throws OrthancError 404 */
  async openFile(file: StoredFile): Promise<StoredDataSet> {
    const model = await this.headers.one(file.key);
    if (!model) throw new OrthancError('UnknownResource');
    if (!isDeflated(model.syntax)) return new StoredDataSet(this.bytesOf(file), model, 0, this.options);
    const start = await dataSetOffset((size) => this.files.read(file, 0, size), file.size, META_SIZE);
    const bytes = new InflatedBytes(() => this.files.open(file, start));
    return new StoredDataSet(bytes, model, InflatedBytes.dataSetOffset, this.options);
  }

  private bytesOf(file: StoredFile): FileBytes {
    return {
      size: file.size,
      read: (start, end) => this.files.read(file, start, end),
      stream: (start, end) => this.files.open(file, start, end),
    };
  }
}
