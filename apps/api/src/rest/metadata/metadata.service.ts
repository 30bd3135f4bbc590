import { type Level, type MetadataOfResource, type Revision, revisionOf } from '@annal/domain';
import { readResources, type StatementRunner, withIdentifier } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, OrthancError } from '../../http/errors/http-errors.js';
import { PreloadedMetadata } from '../../ohif/metadata/preloaded-metadata.js';
import { POOL } from '../../tokens.js';
import { isOn, type Query } from '../resources/list-request.js';
import { MetadataNames } from './metadata-names.js';
import { metadataOf, type ReadMetadata } from './metadata-of.js';

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
    const expand = isOn(query, 'expand');
    const named = [...(await this.of(level, id, () => expand))]
      .map(([key, { value }]) => ({ name: this.names.nameOf(key), value, number: this.names.numberOf(key) }))
      .sort((a, b) => a.number - b.number);
    if (!expand) return named.map(({ name, number }) => (numeric ? number : name));
    return Object.fromEntries(named.map(({ name, value, number }) => [numeric ? String(number) : name, value]));
  }

  /** One value with its revision. @throws OrthancError, BareStatus 404 */
  async one(
    level: Level,
    id: string,
    nameOrNumber: string,
  ): Promise<{ readonly value: string; readonly revision: Revision }> {
    const key = this.names.keyOf(this.names.parse(nameOrNumber));
    const found = (await this.of(level, id, (other) => other === key)).get(key);
    if (!found) throw notFound();
    return { value: found.value, revision: revisionOf(found.revision, found.value) };
  }

  /** Whether the resource has a metadata without its being stored: deleted, it is made again. */
  async isMade({ level, id, metadata }: MetadataOfResource): Promise<boolean> {
    const key = this.names.keyOf(metadata);
    if (level !== 'Instance' || key !== this.preloaded.key) return false;
    const [row] = await readResources(this.pool, withIdentifier(level, id), {}, {});
    return row !== undefined;
  }

  /** @param isWanted whether the value of what is made from the header is needed, not only its name */
  private async of(
    level: Level,
    id: string,
    isWanted: (key: string) => boolean,
  ): Promise<ReadonlyMap<string, ReadMetadata>> {
    const [row] = await readResources(this.pool, withIdentifier(level, id), {}, { metadata: true });
    if (!row) throw new OrthancError('UnknownResource');
    const stored = metadataOf(level, row);
    const { key } = this.preloaded;
    if (level !== 'Instance' || key === undefined || stored.has(key)) return stored;
    const value = isWanted(key) ? await this.preloaded.value(row.key) : '';
    return value === undefined ? stored : new Map([...stored, [key, { value, revision: 0 }]]);
  }
}
