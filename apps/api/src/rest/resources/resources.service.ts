import { type DicomDictionary } from '@annal/dicom';
import { COLLECTIONS, type Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import {
  everything,
  ListPlaces,
  type Page,
  readIdentifiers,
  readVersions,
  relatedTo,
  type StatementRunner,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, OrthancError } from '../../http/errors/http-errors.js';
import { JsonText } from '../../http/json/render-json.js';
import { CONFIGURATION, DICTIONARY, POOL } from '../../tokens.js';
import { contentsOf, isOn, pageOf, type Query, requestedNames } from './list-request.js';
import { formatOf } from './tag-format.js';
import { legible, listText } from './list-text.js';
import { parseRequestedTags } from './requested-tags.js';
import { EXPANDED } from './resource-contents.js';
import { type Presentation, ResourceTexts } from './resource-texts.js';

/** Answers with resources: lists, single ones, relatives. */
@Injectable()
export class ResourcesService {
  /** The most resources of one answer. */
  private readonly maximum: number;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(ResourceTexts) private readonly texts: ResourceTexts,
    @Inject(ListPlaces) private readonly places: ListPlaces,
  ) {
    this.maximum = configuration.Annal.Limits.MaxQueryResults;
  }

  /** A level's whole list, or a page of it. @throws OrthancError 400 */
  async list(level: Level, query: Query): Promise<JsonText | readonly string[]> {
    const page = this.limited(pageOf(query, `/${COLLECTIONS[level]}`));
    const contents = contentsOf(query);
    const requested = this.requestedOf(query);
    const whole = await this.places.narrow(everything(level), page);
    if (!contents) return this.within(await readIdentifiers(this.pool, whole.selection, whole.page));
    const versions = await readVersions(this.pool, whole.selection, whole.page);
    return this.present(level, versions, { contents, format: formatOf(query, 'simplify'), requested });
  }

  /** One resource. @throws BareStatus 404 */
  async one(level: Level, id: string, query: Query): Promise<JsonText> {
    const text = await this.texts.one(level, id, presentationOf(query, this.requestedOf(query)));
    if (text === undefined) throw notFound();
    return new JsonText(text);
  }

  /** The resources of a level below a resource. @throws OrthancError 404 */
  async below(level: Level, above: Level, id: string, query: Query): Promise<JsonText | readonly string[]> {
    const selection = relatedTo(level, above, id);
    const requested = this.requestedOf(query);
    const isExpanded = isOn(query, 'expand', true);
    const read = isExpanded ? readVersions : readIdentifiers;
    const found = await read(this.pool, selection, this.limited({}));
    if (found.length === 0) throw new OrthancError('UnknownResource');
    if (!isExpanded) return this.within(found);
    return this.present(level, found, { contents: EXPANDED, format: formatOf(query, 'simplify'), requested });
  }

  /** The resource of a level above a resource; tags that are requested are checked, but not shown. @throws OrthancError 404 */
  async above(level: Level, below: Level, id: string, query: Query): Promise<JsonText> {
    this.requestedOf(query);
    const [text] = await this.texts.read(level, relatedTo(level, below, id), presentationOf(query, []));
    if (text === undefined) throw new OrthancError('UnknownResource');
    return new JsonText(legible(text));
  }

  /** The resources of these versions as a JSON list. @throws OrthancError 413 */
  async present(level: Level, versions: readonly string[], presentation: Presentation): Promise<JsonText> {
    return listText(this.texts.of(level, this.within(versions), presentation));
  }

  /** The tags that a request names. @throws OrthancError 400 */
  requestedOf(query: Query): readonly number[] {
    return parseRequestedTags(
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
    throw new OrthancError('BadRequest', `More than ${this.maximum} resources: ask for parts of the list`, 413);
  }
}

/** How a single resource is shown. */
function presentationOf(query: Query, requested: readonly number[]): Presentation {
  return { contents: EXPANDED, format: formatOf(query, 'simplify'), requested };
}
