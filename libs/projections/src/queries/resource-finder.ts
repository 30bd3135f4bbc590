import {
  findElement,
  type HeaderDataSet,
  type HeaderModel,
  itemsOf,
  type MainDicomTags,
  orthancValue,
} from '@annal/dicom';
import { planFind } from './find-plan.js';
import type { FindQuery, TagConstraint } from './find-query.js';
import type { HeaderReader } from './header-reader.js';
import { LEVEL_TABLES } from './level-tables.js';
import type { ListPlaces } from './list-places.js';
import { matches } from './match.js';
import { readIdentifiers, readResources, readVersions } from './read-resources.js';
import type { VersionOf } from './resource-row.js';
import { fromSql, type Page, type Selection, skips, statementFor } from './selection.js';
import { Parameters, type StatementRunner } from './statement.js';
import { StatementsTogether } from './statements-together.js';

/** How many headers are asked for at once. */
const BATCH = 500;

/** Fewer than so many resources are read together with what others look for. */
const FEW = 101;

/** Answers searches at every level. */
export class ResourceFinder {
  private readonly together: StatementRunner;

  constructor(
    private readonly runner: StatementRunner,
    private readonly mainTags: MainDicomTags,
    private readonly headers: HeaderReader,
    private readonly places: ListPlaces,
  ) {
    this.together = new StatementsTogether(runner);
  }

  /** The identifiers of what is found. @throws UnsupportedQuery */
  async identifiers(query: FindQuery): Promise<readonly string[]> {
    const { selection, page } = await this.decide(query);
    return this.read(selection, page, (runner, part) => readIdentifiers(runner, selection, part));
  }

  /** The versions of what is found; of `lineage` also those of what is above. @throws UnsupportedQuery */
  async versions(query: FindQuery, of: VersionOf = 'row'): Promise<readonly string[]> {
    const { selection, page } = await this.decide(query);
    return this.read(selection, page, (runner, part) => readVersions(runner, selection, part, of));
  }

  /** How many resources there are; undefined when the query asks for what only headers can tell. @throws UnsupportedQuery */
  async count(query: FindQuery): Promise<number | undefined> {
    const { selection, headerConstraints } = planFind(query, this.mainTags);
    if (headerConstraints.length > 0) return undefined;
    const text = `SELECT count(*) AS count FROM ${fromSql(selection)}`;
    const { rows } = await this.runner.query<{ count: number }>(statementFor(selection, text));
    return rows[0]!.count;
  }

  /** What an identifier finds is read together with what others look for, unless it is many resources. */
  private async read(
    { isByIdentifier }: Selection,
    page: Page,
    ask: (runner: StatementRunner, page: Page) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    if (!isByIdentifier || skips(page)) return ask(this.runner, page);
    if (page.limit !== undefined && page.limit <= FEW) return ask(this.together, page);
    const few = await ask(this.together, { limit: FEW });
    return few.length < FEW ? few : ask(this.runner, page);
  }

  /** The selection that SQL can make alone: as planned, or the keys of those whose headers match. */
  private async decide(query: FindQuery): Promise<{ selection: Selection; page: Page }> {
    const { selection, headerConstraints } = planFind(query, this.mainTags);
    if (headerConstraints.length === 0) {
      return this.places.narrow(selection, { since: query.since, limit: query.limit });
    }
    const keys = await this.matchingHeaders(query, selection, headerConstraints);
    const parameters = new Parameters();
    const list = parameters.add(keys);
    const key = `${LEVEL_TABLES[query.level].alias}.key`;
    return {
      selection: {
        level: query.level,
        highest: query.level,
        conditions: [`${key} = ANY (${list}::bigint[])`],
        order: selection.order.length > 0 ? [`array_position(${list}::bigint[], ${key})`] : [],
        parameters,
      },
      page: {},
    };
  }

  /** The keys of the page asked for: candidates in order, their first instance's header looked at in batches. */
  private async matchingHeaders(
    query: FindQuery,
    selection: Selection,
    constraints: readonly TagConstraint[],
  ): Promise<readonly number[]> {
    const candidates = await readResources(this.runner, selection, {}, { firstInstance: true });
    const skip = query.since ?? 0;
    const wanted = skip + (query.limit ?? Infinity);
    const found: number[] = [];
    for (let at = 0; at < candidates.length && found.length < wanted; at += BATCH) {
      const batch = candidates.slice(at, at + BATCH);
      const models = await this.headers.some(batch.map(({ firstInstance }) => firstInstance!));
      for (const { key, firstInstance } of batch) {
        const model = models.get(firstInstance!);
        if (model && constraints.every((constraint) => headerMatches(model, constraint))) found.push(key);
      }
    }
    return found.slice(skip, wanted);
  }
}

function headerMatches(model: HeaderModel, constraint: TagConstraint): boolean {
  const { tag, sequences = [] } = constraint;
  let datasets: readonly HeaderDataSet[] = [tag >>> 16 === 2 ? model.meta : model.dataset];
  for (const sequence of sequences) datasets = datasets.flatMap((dataset) => itemsAt(dataset, sequence));
  return datasets.some((dataset) => datasetMatches(dataset, constraint));
}

function itemsAt(dataset: HeaderDataSet, sequence: number): readonly HeaderDataSet[] {
  const element = findElement(dataset, sequence);
  return (element && itemsOf(element)) ?? [];
}

function datasetMatches(dataset: HeaderDataSet, { tag, match, caseSensitive }: TagConstraint): boolean {
  const element = findElement(dataset, tag);
  if (!element || itemsOf(element)) return false;
  const { value } = orthancValue(element, true);
  if (value === null) return false;
  // as in Orthanc, a list matches any of several values, everything else all of them together
  const texts = match.kind === 'exact' && match.values.length > 1 ? [value, ...value.split('\\')] : [value];
  return texts.some((text) => matches(match, text, caseSensitive));
}
