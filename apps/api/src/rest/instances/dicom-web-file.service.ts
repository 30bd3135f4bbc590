import {
  type ByteRange,
  type DicomDictionary,
  dicomJson,
  type HeaderDataSet,
  type HeaderElement,
  type HeaderModel,
  isByteRange,
  itemsOf,
} from '@annal/dicom';
import { type DicomJsonDataSet, nativeDicomXml } from '@annal/dicomweb';
import { HeaderReader } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { DICTIONARY } from '../../tokens.js';
import { InstanceFileService, type StoredFile } from './instance-file.service.js';

/** The offsets of values in a deflated data set do not count bytes of the file (PS3.5 section A.5). */
const DEFLATED = '1.2.840.10008.1.2.1.99';

/** So many bytes of values are written inline at most. */
const MAXIMUM_INLINE = 64 * 1024 * 1024;

/** Writes instances in the DICOM JSON and the Native DICOM model, all values inline. */
@Injectable()
export class DicomWebFileService {
  constructor(
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
  ) {}

  /** PS3.18 annex F. @throws OrthancError 413 */
  async json(file: StoredFile): Promise<string> {
    const model = await this.headers.one(file.key);
    if (!model) throw new OrthancError('UnknownResource');
    const values = await this.valuesOf(model, file);
    return dicomJson(model.dataset.filter(hasForm), {
      dictionary: this.dictionary,
      bulk: (range) => {
        const bytes = values.get(range.o);
        return bytes && { InlineBinary: bytes.toString('base64') };
      },
    });
  }

  /** PS3.19 section A.1. @throws OrthancError 413 */
  async xml(file: StoredFile): Promise<string> {
    const dataset = JSON.parse(await this.json(file)) as DicomJsonDataSet;
    return nativeDicomXml(dataset, this.dictionary);
  }

  /** The values that are not in the header, by where they start. */
  private async valuesOf(model: HeaderModel, file: StoredFile): Promise<ReadonlyMap<number, Buffer>> {
    const ranges =
      model.syntax === DEFLATED ? [] : rangesIn(model.dataset).filter(({ e, n }) => e === undefined && n > 0);
    if (ranges.reduce((sum, { n }) => sum + n, 0) > MAXIMUM_INLINE) {
      throw new OrthancError('BadRequest', `More than ${MAXIMUM_INLINE} bytes of values`, 413);
    }
    const values = new Map<number, Buffer>();
    for (const { o, n } of ranges) values.set(o, await this.files.read(file, o, o + n));
    return values;
  }
}

/** Encapsulated pixel data have none inline; an element without a value would be an empty one. */
function hasForm([, , value]: HeaderElement): boolean {
  return !isByteRange(value) || value.e === undefined;
}

function rangesIn(dataset: HeaderDataSet): ByteRange[] {
  return dataset.flatMap((element) => {
    const items = itemsOf(element);
    if (items) return items.flatMap(rangesIn);
    return isByteRange(element[2]) ? [element[2]] : [];
  });
}
