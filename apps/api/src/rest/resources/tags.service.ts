import {
  type DicomDictionary,
  type HeaderDataSet,
  type HeaderModel,
  moduleElements,
  type ModuleLevel,
  orthancTags,
  type OrthancTags,
  sharedTags,
  type Tag,
  type TagFormat,
} from '@annal/dicom';
import type { Level } from '@annal/domain';
import {
  AskedTogether,
  HeaderReader,
  type HeaderVersion,
  readResources,
  relatedTo,
  type StatementRunner,
  withIdentifier,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { OrthancError } from '../../http/errors/http-errors.js';
import { JsonText, renderJson } from '../../http/json/render-json.js';
import { DICTIONARY, POOL } from '../../tokens.js';
import { KnownTexts } from './known-texts.js';
import type { Query } from './list-request.js';
import { formatOf } from './tag-format.js';
import { parseTags } from './requested-tags.js';

/** So many characters of written tags are kept at least, and twice as many at most. */
const KEPT_TEXT = 6_000_000;

/** Answers with the tags in the headers of instances, without opening a file. */
@Injectable()
export class TagsService {
  private readonly texts = new KnownTexts(KEPT_TEXT);
  private readonly versions: AskedTogether<string, HeaderVersion | undefined>;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
  ) {
    this.versions = new AskedTogether((ids) => headers.versions(ids));
  }

  /**
   * All tags of an instance, up to the pixel data or to the end.
   * @param read its data set, where more of it was read than the stored header holds, as `whole` and `ignore-length` need
   * @throws OrthancError 404
   */
  async tags(
    id: string,
    query: Query,
    format: TagFormat,
    read: { readonly dataset?: HeaderDataSet; readonly toEnd: boolean },
  ): Promise<OrthancTags | JsonText> {
    if (!read.dataset) return this.known(id, format);
    return orthancTags(read.dataset, { ...this.options(query, format), whole: read.toEnd });
  }

  /** What stands in the stored header, written once for each version of it. @throws OrthancError 404 */
  private async known(id: string, format: TagFormat): Promise<JsonText> {
    const header = await this.versions.get(id);
    if (!header) throw new OrthancError('UnknownResource');
    const known = this.texts.get(format, header.version);
    if (known !== undefined) return new JsonText(known);
    const model = await this.headers.one(header.key);
    if (!model) throw new OrthancError('UnknownResource');
    const text = renderJson(orthancTags(model.dataset, { dictionary: this.dictionary, format }));
    this.texts.set(format, header.version, text);
    return new JsonText(text);
  }

  /** The tags whose values shall be shown however long they are. @throws OrthancError 500 */
  inFull(query: Query): ReadonlySet<Tag> {
    const names = query['ignore-length']?.split(',') ?? [];
    return new Set(parseTags(this.dictionary, names, (name) => new OrthancError('UnknownDicomTag', name, 500)));
  }

  /** The file meta information of an instance (PS3.10 section 7.1). @throws OrthancError 404 */
  async header(id: string, query: Query): Promise<OrthancTags> {
    const { meta } = await this.firstHeader('Instance', id);
    // bytes have no text, and Orthanc leaves them out here
    const shown = meta.filter(([, vr]) => vr !== 'OB');
    return orthancTags(shown, { dictionary: this.dictionary, format: formatOf(query, 'full') });
  }

  /** The tags of a resource's module, from its first instance. @throws OrthancError 404 */
  async module(level: Level, id: string, module: ModuleLevel, query: Query): Promise<OrthancTags> {
    const { dataset } = await this.firstHeader(level, id);
    return orthancTags(moduleElements(dataset, module), this.options(query, formatOf(query, 'full')));
  }

  /** The tags of all instances of a resource by identifier, as a stream of JSON. @throws OrthancError 404 */
  async instancesTags(level: Level, id: string, query: Query): Promise<Readable> {
    const instances = await this.instancesOf(level, id);
    const options = this.options(query, formatOf(query, 'full'));
    return Readable.from(
      this.tagsByInstance(instances, (model) => orthancTags(model.dataset, options)),
      {
        objectMode: false,
      },
    );
  }

  /** The tags that are the same in all instances of a resource. @throws OrthancError 404 */
  async sharedTags(level: Level, id: string, query: Query): Promise<OrthancTags> {
    const instances = await this.instancesOf(level, id);
    const options = { dictionary: this.dictionary, format: 'full' as const };
    const all: OrthancTags[] = [];
    for await (const [, model] of this.headers.all([...instances.keys()])) {
      all.push(orthancTags(model.dataset, options));
      // what is shared by some stands for them
      if (all.length > 1) all.splice(0, all.length, sharedTags(all, 'full'));
    }
    return sharedTags(all, formatOf(query, 'full'));
  }

  /** The header of the first instance of a resource. @throws OrthancError 404 */
  async firstHeader(level: Level, id: string): Promise<HeaderModel> {
    const [row] = await readResources(this.pool, withIdentifier(level, id), {}, { firstInstance: true });
    const model = row && (await this.headers.one(row.firstInstance!));
    if (!model) throw new OrthancError('UnknownResource');
    return model;
  }

  private async instancesOf(level: Level, id: string): Promise<ReadonlyMap<number, string>> {
    const rows = await readResources(this.pool, relatedTo('Instance', level, id), {}, {});
    if (rows.length === 0) throw new OrthancError('UnknownResource');
    return new Map(rows.map((row) => [row.key, row.id]));
  }

  private async *tagsByInstance(
    instances: ReadonlyMap<number, string>,
    tagsOf: (model: HeaderModel) => OrthancTags,
  ): AsyncGenerator<string, void> {
    let separator = '{\n';
    for await (const [key, model] of this.headers.all([...instances.keys()])) {
      yield `${separator}"${instances.get(key)!}":${JSON.stringify(tagsOf(model))}`;
      separator = ',\n';
    }
    yield separator === '{\n' ? '{}' : '\n}';
  }

  private options(query: Query, format: TagFormat): Parameters<typeof orthancTags>[1] {
    return { dictionary: this.dictionary, format, ignoreLength: this.inFull(query) };
  }
}
