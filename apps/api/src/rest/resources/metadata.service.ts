import { createHash } from 'node:crypto';
import type { Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { readResources, type StatementRunner, withIdentifier } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, OrthancError } from '../../http/errors/http-errors.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { isOn, type Query } from './list-request.js';
import { MetadataNames, metadataOf } from './metadata.js';

/** Answers with the metadata of resources. */
@Injectable()
export class MetadataService {
  readonly names: MetadataNames;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
  ) {
    this.names = new MetadataNames(configuration.UserMetadata);
  }

  /** Names or numbers in the order of the numbers; with `expand` their values. @throws OrthancError 404 */
  async list(level: Level, id: string, query: Query): Promise<unknown> {
    const metadata = Object.entries(await this.of(level, id));
    const numeric = query.numeric !== undefined;
    const named = metadata
      .map(([name, value]) => ({ name, value, number: this.names.numberOf(name) }))
      .sort((a, b) => a.number - b.number);
    if (!isOn(query, 'expand')) return named.map(({ name, number }) => (numeric ? number : name));
    return Object.fromEntries(named.map(({ name, value, number }) => [numeric ? String(number) : name, value]));
  }

  /** One value with its ETag. @throws OrthancError, BareStatus 404 */
  async one(
    level: Level,
    id: string,
    nameOrNumber: string,
  ): Promise<{ readonly value: string; readonly etag: string }> {
    const name = this.names.parse(nameOrNumber);
    if (name === undefined) throw new OrthancError('InexistentItem');
    const value = (await this.of(level, id))[name];
    if (value === undefined) throw notFound();
    // a revision, which is 0 as long as no metadata is edited, and the MD5 of the value
    return { value, etag: `"0-${createHash('md5').update(value).digest('hex')}"` };
  }

  private async of(level: Level, id: string): Promise<Readonly<Record<string, string>>> {
    const [row] = await readResources(this.pool, withIdentifier(level, id), {}, { metadata: true });
    if (!row) throw new OrthancError('UnknownResource');
    return metadataOf(level, row);
  }
}
