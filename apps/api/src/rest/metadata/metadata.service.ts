import { type Level, type Revision, revisionOf } from '@annal/domain';
import { readResources, type ResourceRow, type StatementRunner, withIdentifier } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, OrthancError } from '../../http/errors/http-errors.js';
import { PreloadedMetadata } from '../../ohif/metadata/preloaded-metadata.js';
import { POOL } from '../../tokens.js';
import { isOn, type Query } from '../resources/list-request.js';
import { MetadataNames } from './metadata-names.js';
import { metadataOf } from './metadata-of.js';

/** Answers with the metadata of resources. */
@Injectable()
export class MetadataService {
  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(MetadataNames) private readonly names: MetadataNames,
    @Inject(PreloadedMetadata) private readonly preloaded: PreloadedMetadata,
  ) {}

  /** Names or numbers in the order of the numbers; with `expand` their values. @throws OrthancError 404 */
  async list(level: Level, id: string, query: Query): Promise<unknown> {
    const numeric = query.numeric !== undefined;
    const named = [...metadataOf(level, await this.row(level, id))]
      .map(([key, { value }]) => ({ name: this.names.nameOf(key), value, number: this.names.numberOf(key) }))
      .sort((a, b) => a.number - b.number);
    if (!isOn(query, 'expand')) return named.map(({ name, number }) => (numeric ? number : name));
    return Object.fromEntries(named.map(({ name, value, number }) => [numeric ? String(number) : name, value]));
  }

  /** One value with its revision; also of what is preloaded, which no list shows. @throws OrthancError, BareStatus 404 */
  async one(
    level: Level,
    id: string,
    nameOrNumber: string,
  ): Promise<{ readonly value: string; readonly revision: Revision }> {
    const key = this.names.keyOf(this.names.parse(nameOrNumber));
    const row = await this.row(level, id);
    const found = metadataOf(level, row).get(key);
    if (found) return { value: found.value, revision: revisionOf(found.revision, found.value) };
    const made = level === 'Instance' && key === this.preloaded.key ? await this.preloaded.value(row.key) : undefined;
    if (made === undefined) throw notFound();
    return { value: made, revision: revisionOf(0, made) };
  }

  private async row(level: Level, id: string): Promise<ResourceRow> {
    const [row] = await readResources(this.pool, withIdentifier(level, id), {}, { metadata: true });
    if (!row) throw new OrthancError('UnknownResource');
    return row;
  }
}
