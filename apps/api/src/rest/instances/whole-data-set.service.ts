import {
  type ByteRange,
  type DataElement,
  type DataSet,
  DEFAULT_LIMITS,
  type DicomDictionary,
  type DicomFile,
  DicomFormatError,
  FragmentScanner,
  type HeaderDataSet,
  headerModel,
  isByteRange,
  tokenize,
  type TokenizerLimits,
} from '@annal/dicom';
import { type AnnalConfiguration, tokenizerLimits } from '@annal/platform';
import { HeaderReader, isLimit } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { CONFIGURATION, DICTIONARY, RUNTIME_SETTINGS } from '../../tokens.js';
import { InstanceFileService, type StoredFile } from './instance-file.service.js';

/** A deflated data set can be read from its beginning only (PS3.5 section A.5). */
const DEFLATED = '1.2.840.10008.1.2.1.99';
/** FloatPixelData, DoubleFloatPixelData and PixelData. */
const PIXEL_DATA = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);
/** So many bytes of a file are held and parsed at most, pixel data apart. */
const MAXIMUM_READ = 64 * 1024 * 1024;

/** Reads data sets to their end: what follows the pixel data is in the file alone, not in the stored header. */
@Injectable()
export class WholeDataSetService {
  private readonly limits: Partial<TokenizerLimits>;

  constructor(
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
    @Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
  ) {
    this.limits = { ...tokenizerLimits(configuration), maxInflatedSize: MAXIMUM_READ };
  }

  /** The data set of an instance. @throws OrthancError 404; 413; 400 when what follows the pixel data is damaged */
  async read(id: string): Promise<HeaderDataSet> {
    const file = await this.files.find(id);
    const stored = await this.headers.one(file.key);
    if (!stored) throw new OrthancError('UnknownResource');
    const [tag, , pixels] = stored.dataset.at(-1) ?? [0, '', null];
    if (!PIXEL_DATA.has(tag) || !isByteRange(pixels)) return stored.dataset;
    try {
      const following = await (stored.syntax === DEFLATED ? this.ofDeflated(file) : this.behind(pixels, file));
      return [...stored.dataset, ...following];
    } catch (error) {
      if (isLimit(error)) throw tooLarge((error as DicomFormatError).message);
      if (error instanceof DicomFormatError) throw new OrthancError('BadFileFormat');
      throw error;
    }
  }

  private async ofDeflated(file: StoredFile): Promise<HeaderDataSet> {
    const bytes = await this.bytes(file, 0, file.size);
    const read = this.tokenize(bytes);
    return this.elementsFrom(read, read.pixelData!.valueOffset);
  }

  /** Reads the file without its pixel data, so that these may be as large as they like. */
  private async behind(pixels: ByteRange, file: StoredFile): Promise<HeaderDataSet> {
    const head = await this.bytes(file, 0, pixels.o);
    const { pixelData, dataset } = this.tokenize(head, file.size);
    const end = pixels.e ? await this.endOf(pixelData!, dataset, file) : pixels.o + pixels.n;
    if (end >= file.size) return [];
    const tail = await this.bytes(file, end, file.size, head.length);
    const start = pixelData!.offset;
    return this.elementsFrom(this.tokenize(Buffer.concat([head.subarray(0, start), tail])), start);
  }

  /** Where encapsulated pixel data end in the file. */
  private async endOf(pixelData: DataElement, { littleEndian }: DataSet, file: StoredFile): Promise<number> {
    const scanner = new FragmentScanner(pixelData, littleEndian, { ...DEFAULT_LIMITS, ...this.limits });
    for await (const chunk of (await this.files.open(file)) as AsyncIterable<Buffer>) {
      scanner.push(chunk);
      if (scanner.end !== undefined) return scanner.end;
    }
    return file.size;
  }

  /** @param held how many bytes of the file are held already */
  private bytes(file: StoredFile, start: number, end: number, held = 0): Promise<Buffer> {
    if (end - start + held > MAXIMUM_READ) throw tooLarge(`${MAXIMUM_READ} bytes beside the pixel data`);
    return this.files.read(file, start, end);
  }

  private tokenize(bytes: Buffer, totalLength = bytes.length): DicomFile {
    const complete = totalLength === bytes.length;
    return tokenize(bytes, { complete, totalLength, lookup: this.dictionary, limits: this.limits });
  }

  /** The elements that stand at or behind an offset. */
  private elementsFrom(file: DicomFile, offset: number): HeaderDataSet {
    const elements = [...file.dataset.elements, ...(file.pixelData ? [file.pixelData] : []), ...file.trailing];
    const first = elements.findIndex((element) => element.offset >= offset);
    const context = { dictionary: this.dictionary, defaultEncoding: this.settings.get('defaultEncoding') };
    return first < 0 ? [] : headerModel(file, context).dataset.slice(first);
  }
}
