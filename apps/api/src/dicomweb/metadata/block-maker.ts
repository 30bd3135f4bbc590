import {
  type DicomDictionary,
  DicomJsonWriter,
  type HeaderElement,
  type MainDicomTags,
  StoredDicomJsonWriter,
  type Tag,
} from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import {
  HeaderReader,
  readSampleKeys,
  type SeriesVersion,
  type StatementRunner,
  type UidPath,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { MAIN_DICOM_TAGS } from '../../rest/resources/read-tokens.js';
import { CONFIGURATION, DICTIONARY, POOL } from '../../tokens.js';
import { resourcePath } from '../common/web-paths.js';
import { bulkDataUris } from './bulk-uri.js';
import { extrapolated, reduced, SAMPLES } from './extrapolated.js';
import { MetadataBlock } from './metadata-block.js';
import type { MetadataMode } from './metadata-mode.js';

/** Instances of a block. */
export const BLOCK = 500;
/** Instances that are written before others get their turn. */
const SLICE = 50;
const SPECIFIC_CHARACTER_SET: Tag = 0x00080005;
/** Padding behind the pixel data, which says nothing (PS3.10 section 7.2). */
const DATA_SET_TRAILING_PADDING: Tag = 0xfffcfffc;

/** Makes of stored headers what metadata say. No DICOM file is opened. */
@Injectable()
export class BlockMaker {
  /** Stands for the base of URLs; nobody else knows it, so that no value can hold it. */
  private readonly mark = `${randomBytes(18).toString('base64url')}/`;
  private readonly maxHeaderSize: number;
  private readonly mainTags: ReadonlySet<Tag>;
  private readonly studyTags: ReadonlySet<Tag>;
  private readonly seriesTags: ReadonlySet<Tag>;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(MAIN_DICOM_TAGS) mainTags: MainDicomTags,
    @Inject(CONFIGURATION) { Annal, DicomWeb }: AnnalConfiguration,
  ) {
    this.maxHeaderSize = Annal.Limits.MaxDicomHeaderSize;
    const levels = ['Patient', 'Study', 'Series', 'Instance'] as const;
    this.mainTags = new Set([SPECIFIC_CHARACTER_SET, ...levels.flatMap((level) => mainTags.tags(level))]);
    this.studyTags = this.tagsOf(DicomWeb.StudiesMetadataExtrapolatedTags);
    this.seriesTags = this.tagsOf(DicomWeb.SeriesMetadataExtrapolatedTags);
  }

  /** The instances of a series behind the one with key `after`: a block of them. */
  async block(series: SeriesVersion, mode: MetadataMode, after: number): Promise<MetadataBlock> {
    const write = await this.writerOf(series, mode);
    const rows = await this.headers.inSeries(series.seriesKey, after, BLOCK);
    const texts: string[] = [];
    const uids = { study: series.studyUid, series: series.seriesUid };
    for (const [index, { sopUid, stored }] of rows.entries()) {
      if (index % SLICE === SLICE - 1) await setImmediate();
      if (stored) texts.push(this.placed(write(stored), { ...uids, instance: sopUid }));
    }
    return MetadataBlock.of(texts, this.mark, rows.length, rows.at(-1)?.key ?? after);
  }

  /** One instance with all it has; undefined where nothing is known of it any more. */
  async instance(key: number, uids: Required<UidPath>): Promise<MetadataBlock | undefined> {
    const stored = await this.headers.stored(key);
    if (!stored) return undefined;
    return MetadataBlock.of([this.placed(this.inFull()(stored), uids)], this.mark, 1, key);
  }

  /** The text of an instance with its own path behind each mark, where none is yet. */
  private placed(text: string, uids: Required<UidPath>): string {
    return text.replaceAll(this.mark, () => `${this.mark}${resourcePath(uids)}/`);
  }

  /** Writes stored headers, as strings of bytes. */
  private async writerOf(series: SeriesVersion, mode: MetadataMode): Promise<(stored: Buffer) => string> {
    if (mode === 'Full') return this.inFull();
    const extra = mode === 'Extrapolate' ? await this.extrapolate(series) : new Map<Tag, HeaderElement>();
    const writer = new DicomJsonWriter(bulkDataUris(this.dictionary, this.mark));
    return (stored) => {
      const text = writer.write(reduced(this.headers.decode(stored).dataset, this.mainTags, extra));
      return Buffer.from(text).toString('latin1');
    };
  }

  private inFull(): (stored: Buffer) => string {
    const options = bulkDataUris(this.dictionary, this.mark);
    const writer = new StoredDicomJsonWriter(options, this.maxHeaderSize, isPadding);
    return (stored) => writer.write(stored);
  }

  private async extrapolate({ studyKey, seriesKey }: SeriesVersion): Promise<ReadonlyMap<Tag, HeaderElement>> {
    const ofStudy = await this.agreed(this.studyTags, studyKey);
    const ofSeries = await this.agreed(this.seriesTags, studyKey, seriesKey);
    return new Map([...ofStudy, ...ofSeries]);
  }

  private async agreed(tags: ReadonlySet<Tag>, studyKey: number, seriesKey?: number) {
    if (tags.size === 0) return new Map<Tag, HeaderElement>();
    const keys = await readSampleKeys(this.pool, SAMPLES, studyKey, seriesKey);
    const models = await this.headers.some(keys);
    return extrapolated(
      [...models.values()].map(({ dataset }) => dataset),
      tags,
      this.dictionary,
    );
  }

  /** Unknown names were refused with the configuration, or are tags of nobody. */
  private tagsOf(names: readonly string[]): ReadonlySet<Tag> {
    return new Set(names.flatMap((name) => this.dictionary.parseTag(name)?.tag ?? []));
  }
}

function isPadding([tag]: HeaderElement): boolean {
  return tag === DATA_SET_TRAILING_PADDING;
}
