import { findElement, isFilledUp, type Tag } from '@annal/dicom';
import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../../http/errors/http-errors.js';
import { ContentService, type StreamedValue } from './content.service.js';
import type { StoredDataSet } from './stored-data-set.js';
import { StoredDataSets } from './stored-data-sets.js';

const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';
const SOP_CLASS_UID: Tag = 0x00080016;
const MIME_TYPE: Tag = 0x00420012;
const DOCUMENT: Tag = 0x00420011;
const [LF, CR] = [0x0a, 0x0d];

/** The PDF documents in instances of the Encapsulated PDF storage class (PS3.3 section A.45.1). */
@Injectable()
export class PdfService {
  constructor(
    @Inject(ContentService) private readonly content: ContentService,
    @Inject(StoredDataSets) private readonly dataSets: StoredDataSets,
  ) {}

  /** @throws OrthancError 404 for an unknown instance; BareStatus 404 for one without a PDF */
  async of(id: string): Promise<Buffer | StreamedValue> {
    const stored = await this.dataSets.open(id);
    if (textOf(stored, SOP_CLASS_UID) !== ENCAPSULATED_PDF || textOf(stored, MIME_TYPE) !== 'application/pdf') {
      throw notFound();
    }
    const large = stored.large.find(({ tag }) => tag === DOCUMENT);
    if (large) {
      const { o, n, vr } = large;
      // what is filled up ends with a NUL
      const last = isFilledUp(vr, n) ? CR : (await stored.bytes.read(o + n - 1, o + n))[0]!;
      const size = n - padding(last);
      return { size, open: () => stored.bytes.stream(o, o + size) };
    }
    const document = await this.content.at(id, ['00420011']);
    if (!Buffer.isBuffer(document)) throw notFound();
    return document.subarray(0, document.length - padding(document.at(-1)));
  }
}

/** A PDF ends with a line: if it does not, its last byte is what makes its length even. */
function padding(last: number | undefined): 0 | 1 {
  return last === undefined || last === LF || last === CR ? 0 : 1;
}

function textOf({ model }: StoredDataSet, tag: Tag): string | undefined {
  const value = findElement(model.dataset, tag)?.[2];
  return typeof value === 'string' ? value : undefined;
}
