import { type Level, LEVELS, type ResourceLookup } from '@annal/domain';
import { relatedIdentifiers, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { JsonText } from '../../http/json/render-json.js';
import { POOL, RESOURCE_LOOKUP } from '../../tokens.js';
import { legible, listText } from './list-text.js';
import { type Presentation, ResourceTexts } from './resource-texts.js';
import { ResourcesService } from './resources.service.js';

/** Resources read at once. */
const BATCH = 100;
/** Identifiers looked up at once. */
const LOOKED_UP = 10_000;
/** Longer lists are not indented. */
const LEGIBLE = 10;

/** Answers with resources of any level, named one by one. */
@Injectable()
export class BulkContentService {
  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(RESOURCE_LOOKUP) private readonly lookup: ResourceLookup,
    @Inject(ResourcesService) private readonly resources: ResourcesService,
    @Inject(ResourceTexts) private readonly texts: ResourceTexts,
  ) {}

  /** Those that are there, in the order given and as often as they are given. @throws OrthancError 413 */
  async named(ids: readonly string[], presentation: Presentation): Promise<JsonText> {
    return this.list(this.resources.within(ids), async (batch) => {
      const levels = await this.lookup.levelsOf(batch);
      const texts = await Promise.all(
        LEVELS.map(async (level) => {
          const own = batch.filter((id) => levels.get(id) === level);
          return own.length === 0 ? [] : this.texts.named(level, own, presentation);
        }),
      );
      return new Map(texts.flatMap((found) => [...found]));
    });
  }

  /** Those of a level that are, or lie above or below, those given: each once, by identifier. @throws OrthancError 413 */
  async atLevel(level: Level, ids: readonly string[], presentation: Presentation): Promise<JsonText> {
    const found = new Set<string>();
    for (let at = 0; at < ids.length; at += LOOKED_UP) {
      const levels = await this.lookup.levelsOf(ids.slice(at, at + LOOKED_UP));
      for (const other of LEVELS) {
        const own = [...levels.keys()].filter((id) => levels.get(id) === other);
        if (own.length === 0) continue;
        for (const id of await relatedIdentifiers(this.pool, level, other, own)) found.add(id);
      }
      this.resources.within([...found]);
    }
    return this.list([...found].sort(), (batch) => this.texts.named(level, batch, presentation));
  }

  private list(
    ids: readonly string[],
    read: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
  ): Promise<JsonText> {
    return listText(batches(ids, read));
  }
}

async function* batches(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): AsyncGenerator<readonly string[], void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    const batch = ids.slice(at, at + BATCH);
    const texts = await read(batch);
    const found = batch.map((id) => texts.get(id)).filter((text) => text !== undefined);
    yield ids.length <= LEGIBLE ? found.map((text) => legible(text, true)) : found;
  }
}
