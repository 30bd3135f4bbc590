import { type DicomDictionary, type HeaderModel, type MainDicomTags, type TagFormat } from '@annal/dicom';
import { COLLECTIONS, type Level } from '@annal/domain';
import {
  everything,
  HeaderReader,
  type Page,
  readIdentifiers,
  readInBatches,
  readResources,
  relatedTo,
  type ResourceRow,
  type RowContents,
  type Selection,
  type StatementRunner,
  TooManyRows,
  withIdentifier,
} from '@annal/projections';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, OrthancError } from '../../http/errors/http-errors.js';
import { JsonText } from '../../http/json/render-json.js';
import { legible, listText } from './list-text.js';
import { CONFIGURATION, DICTIONARY, POOL } from '../../tokens.js';
import { contentsOf, formatOf, isOn, pageOf, type Query, requestedNames } from './list-request.js';
import { MAIN_DICOM_TAGS } from './read-tokens.js';
import { parseTags, RequestedTags } from './requested-tags.js';
import { EXPANDED, type ResourceContents, rowContentsOf } from './resource-contents.js';
import { ResourceWriter } from './resource-writer.js';

/** How resources are shown. */
export interface Presentation {
  readonly contents: ResourceContents;
  readonly format: TagFormat;
  /** Tags beside the main ones. */
  readonly requested: readonly number[];
}

/** Answers with resources: lists, single ones, relatives. */
@Injectable()
export class ResourcesService {
  private readonly writers = new Map<string, ResourceWriter>();
  /** The most resources of one answer. */
  readonly maximum: number;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(MAIN_DICOM_TAGS) private readonly mainTags: MainDicomTags,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
  ) {
    this.maximum = configuration.Annal.Limits.MaxQueryResults;
  }

  /** A level's whole list, or a page of it. @throws OrthancError 400 */
  async list(level: Level, query: Query): Promise<JsonText | readonly string[]> {
    const page = this.limited(pageOf(query, `/${COLLECTIONS[level]}`));
    const contents = contentsOf(query);
    const requested = this.requestedOf(query);
    if (!contents) return this.within(await readIdentifiers(this.pool, everything(level), page));
    return this.present(level, everything(level), page, { contents, format: formatOf(query, 'simplify'), requested });
  }

  /** One resource. @throws BareStatus 404 */
  async one(level: Level, id: string, query: Query): Promise<JsonText> {
    const found = await this.single(level, withIdentifier(level, id), query);
    if (!found) throw notFound();
    return found;
  }

  /** The resources of a level below a resource. @throws OrthancError 404 */
  async below(level: Level, above: Level, id: string, query: Query): Promise<JsonText | readonly string[]> {
    const selection = relatedTo(level, above, id);
    const requested = this.requestedOf(query);
    if (!isOn(query, 'expand', true)) {
      const identifiers = await readIdentifiers(this.pool, selection, this.limited({}));
      if (identifiers.length === 0) throw new OrthancError('UnknownResource');
      return this.within(identifiers);
    }
    const presentation = { contents: EXPANDED, format: formatOf(query, 'simplify'), requested };
    const answer = await this.present(level, selection, this.limited({}), presentation);
    if (answer.content === '[]') throw new OrthancError('UnknownResource');
    return answer;
  }

  /** The resource of a level above a resource. @throws OrthancError 404 */
  async above(level: Level, below: Level, id: string, query: Query): Promise<JsonText> {
    const found = await this.single(level, relatedTo(level, below, id), query);
    if (!found) throw new OrthancError('UnknownResource');
    return found;
  }

  /** Resources as a JSON list. */
  async present(level: Level, selection: Selection, page: Page, presentation: Presentation): Promise<JsonText> {
    const { contents, requested } = this.wanted(level, presentation);
    return this.write(
      level,
      readInBatches(this.pool, selection, page, contents, this.maximum),
      presentation,
      requested,
    );
  }

  /** What must be read for a presentation. */
  wanted(level: Level, { contents, requested }: Presentation): { contents: RowContents; requested?: RequestedTags } {
    if (requested.length === 0) return { contents: rowContentsOf(contents) };
    const tags = new RequestedTags(this.dictionary, this.mainTags, level, requested);
    return { contents: merged(rowContentsOf(contents), tags.contents), requested: tags };
  }

  /** Rows, read as `wanted` says, as a JSON list. @throws OrthancError 413 */
  async write(
    level: Level,
    batches: AsyncIterable<readonly ResourceRow[]>,
    presentation: Presentation,
    requested: RequestedTags | undefined,
  ): Promise<JsonText> {
    try {
      return await listText(this.written(level, batches, presentation, requested));
    } catch (error) {
      throw error instanceof TooManyRows ? this.tooMany() : error;
    }
  }

  /** The tags that a request names. @throws OrthancError 400 */
  requestedOf(query: Query): readonly number[] {
    return parseTags(
      this.dictionary,
      requestedNames(query),
      (name) => new OrthancError('BadRequest', `Invalid requested-tags argument: Unknown DICOM tag ${name}`),
    );
  }

  /** One more than may be answered is read at most, to find out that there are too many. */
  limited(page: Page): Page {
    return { ...page, limit: Math.min(page.limit ?? Infinity, this.maximum + 1) };
  }

  /** @throws OrthancError 413 */
  within<T extends readonly unknown[]>(results: T): T {
    if (results.length <= this.maximum) return results;
    throw this.tooMany();
  }

  private tooMany(): OrthancError {
    return new OrthancError('BadRequest', `More than ${this.maximum} resources: ask for parts of the list`, 413);
  }

  private async *written(
    level: Level,
    batches: AsyncIterable<readonly ResourceRow[]>,
    presentation: Presentation,
    requested: RequestedTags | undefined,
  ): AsyncGenerator<readonly string[], void> {
    for await (const rows of batches) yield await this.texts(level, rows, presentation, requested);
  }

  private async single(level: Level, selection: Selection, query: Query): Promise<JsonText | undefined> {
    const presentation = {
      contents: EXPANDED,
      format: formatOf(query, 'simplify'),
      requested: this.requestedOf(query),
    };
    const { contents, requested } = this.wanted(level, presentation);
    const rows = await readResources(this.pool, selection, {}, contents);
    const [text] = await this.texts(level, rows, presentation, requested);
    return text === undefined ? undefined : new JsonText(legible(text));
  }

  private async texts(
    level: Level,
    rows: readonly ResourceRow[],
    { contents, format }: Presentation,
    requested: RequestedTags | undefined,
  ): Promise<readonly string[]> {
    const writer = this.writer(level, format);
    const headers = requested?.needsHeaders ? await this.firstHeaders(rows) : undefined;
    return rows.map((row) => writer.write(row, contents, requested?.values(row, headers?.get(row.firstInstance!))));
  }

  private writer(level: Level, format: TagFormat): ResourceWriter {
    const name = `${level} ${format}`;
    let writer = this.writers.get(name);
    if (!writer) {
      this.writers.set(name, (writer = new ResourceWriter(this.dictionary, level, format)));
    }
    return writer;
  }

  private async firstHeaders(rows: readonly ResourceRow[]): Promise<ReadonlyMap<number, HeaderModel>> {
    const headers = new Map<number, HeaderModel>();
    for await (const [key, model] of this.headers.all(rows.map(({ firstInstance }) => firstInstance!))) {
      headers.set(key, model);
    }
    return headers;
  }
}

function merged(a: RowContents, b: RowContents): RowContents {
  const given = Object.fromEntries(Object.entries(b).filter(([, value]) => value !== undefined && value !== false));
  return { ...a, ...given };
}
