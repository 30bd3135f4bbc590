import {
  type DicomDictionary,
  dicomJson,
  encodingOf,
  type HeaderDataSet,
  type HeaderElement,
  type HeaderValue,
  isByteRange,
  itemsOf,
  rawSwap,
} from '@annal/dicom';
import { type DicomJsonDataSet, nativeDicomXml } from '@annal/dicomweb';
import { Inject, Injectable } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import { DICTIONARY } from '../../tokens.js';
import { rawStream } from '../content/raw-stream.js';
import type { StoredDataSet } from '../content/stored-data-set.js';
import { StoredDataSets } from '../content/stored-data-sets.js';
import { checkNumberOfTexts, checkSizeInFile, rangesIn } from './inline-size.js';
import { type StoredFile } from './instance-file.service.js';
import { WholeDataSetService } from './whole-data-set.service.js';

/** Writes instances in the DICOM JSON and the Native DICOM model, all values inline. */
@Injectable()
export class DicomWebFileService {
  constructor(
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(StoredDataSets) private readonly dataSets: StoredDataSets,
    @Inject(WholeDataSetService) private readonly wholeDataSets: WholeDataSetService,
  ) {}

  /**
   * Numbers and texts as values however long, bytes in little endian order whatever the file's (PS3.18 annex F).
   * @throws OrthancError 404, 413
   */
  async json(file: StoredFile): Promise<string> {
    const stored = await this.dataSets.openFile(file);
    return dicomJson(await this.complete(stored), { dictionary: this.dictionary });
  }

  /** PS3.19 section A.1. @throws OrthancError 404, 413 */
  async xml(file: StoredFile): Promise<string> {
    const dataset = JSON.parse(await this.json(file)) as DicomJsonDataSet;
    return nativeDicomXml(dataset, this.dictionary);
  }

  private async complete(stored: StoredDataSet): Promise<HeaderDataSet> {
    const { model, pixelData } = stored;
    checkSizeInFile(model.dataset);
    const inFront = model.dataset.filter(([tag]) => tag !== pixelData?.tag);
    const isInHeader = rangesIn(inFront).length === 0;
    const dataset = isInHeader ? model.dataset : await this.wholeDataSets.withLongValues(stored);
    checkNumberOfTexts(dataset);
    const pixels = await pixelsOf(stored);
    return dataset.flatMap((element) =>
      pixels !== undefined && element[0] === pixelData?.tag ? [[element[0], element[1], pixels]] : withForm(element),
    );
  }
}

/** Native pixel data; undefined where there are none. */
async function pixelsOf(stored: StoredDataSet): Promise<HeaderValue | undefined> {
  const { bytes, model, pixelData } = stored;
  if (!pixelData || pixelData.e !== undefined) return undefined;
  const { o, n, vr } = pixelData;
  if (n === 0) return null;
  const { littleEndian } = encodingOf(model.syntax) ?? (await stored.elements());
  const inOrder = rawStream(await bytes.stream(o, o + n), rawSwap(vr, littleEndian), false);
  return { b: (await buffer(inOrder)).toString('base64') };
}

/** Encapsulated pixel data have none inline; an element without a value would be an empty one. */
function withForm(element: HeaderElement): readonly HeaderElement[] {
  const [tag, vr, value] = element;
  const items = itemsOf(element);
  if (items) return [[tag, vr, items.map((item) => item.flatMap(withForm))]];
  return isByteRange(value) ? [] : [element];
}
